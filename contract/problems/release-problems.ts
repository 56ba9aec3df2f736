import type { ProblemKind } from './problem-kind.ts';

/** Errors of rendering, changing and reading releases, in alphabetical order. */
export const releaseProblems = {
  HOOK_FAILED: {
    status: 422,
    title: 'A hook of the chart failed',
    retryable: false,
    remedy: 'Look at the job or pod named in `details` and at its log, then send the request again.',
  },
  LABEL_INVALID: {
    status: 422,
    title: 'A label is not valid',
    retryable: false,
    remedy:
      'Use Kubernetes label syntax: at most 63 letters, digits, `-`, `_` and `.` (the key optionally after a DNS prefix and `/`).',
  },
  MANIFEST_INVALID: {
    status: 422,
    title: 'The rendered manifest is not valid',
    retryable: false,
    remedy: 'Change the values or the chart so that the object named in the message is a valid Kubernetes object.',
  },
  OPERATION_TIMEOUT: {
    status: 504,
    title: 'The operation did not finish in time',
    retryable: true,
    remedy: 'Look at the release for what it waits for, or allow more time with `operationTimeoutSec`.',
  },
  PLUGIN_REFUSED: {
    status: 422,
    title: 'A plugin cannot do what its arguments ask for, or must not',
    retryable: false,
    remedy:
      'Change the arguments of the plugin named in the message, or disable it; `GET /api/v1/plugin` describes them.',
  },
  RELEASE_EXISTS: {
    status: 409,
    title: 'A release of this name exists in the namespace',
    retryable: false,
    remedy: 'Upgrade it (PUT, or `upsert=true`), choose another name, or delete the release first.',
  },
  RELEASE_LOCKED: {
    status: 409,
    title: 'Another operation on the release is going on',
    retryable: true,
    remedy: 'Wait for the operation named in the message to end; `force=true` ends one of another Helm at once.',
  },
  RELEASE_NAME_INVALID: {
    status: 422,
    title: 'The release name is not valid',
    retryable: false,
    remedy: 'Use at most 53 lower-case letters, digits, `-` and `.`, beginning and ending with a letter or digit.',
  },
  RELEASE_NOT_FOUND: {
    status: 404,
    title: 'The release does not exist',
    retryable: false,
    remedy:
      'Check the namespace and the name; `GET /api/v1/release` lists what exists. An upgrade with `upsert=true` installs it.',
  },
  RELEASE_NOT_READY: {
    status: 422,
    title: 'The release was applied and cannot become ready',
    retryable: false,
    remedy: 'Look at what `details.waitingFor` names, correct it, and upgrade the release; what was applied stays.',
  },
  RELEASE_NOT_SEALED: {
    status: 409,
    title: 'The newest revision of the release is not as Walm recorded it',
    retryable: false,
    remedy:
      'Look at what the release consists of now, then adopt or upgrade it: the guide on seals says what that means.',
  },
  RELEASE_PAUSED: {
    status: 409,
    title: 'The release is paused',
    retryable: false,
    remedy: 'Recover the release first: `POST …/recover`.',
  },
  RELEASE_TOO_LARGE: {
    status: 413,
    title: 'The record of the release is larger than Kubernetes keeps',
    retryable: false,
    remedy:
      'Make the chart smaller, for example by a `.helmignore`; the sizes of the parts are in `details`, in bytes.',
  },
  RELEASE_UNREADABLE: {
    status: 409,
    title: 'The newest record of the release cannot be read',
    retryable: false,
    remedy:
      'Look at the Secret that the message names: put its content right, or delete it; what it had hidden is then there again.',
  },
  REVISION_MISMATCH: {
    status: 409,
    title: 'The release has changed since it was read',
    retryable: false,
    remedy: 'Read the release again and send the request with the revision that it has now.',
  },
  REVISION_NOT_FOUND: {
    status: 404,
    title: 'The revision of the release is not kept',
    retryable: false,
    remedy: 'Choose one of the revisions that `…/history` lists; `history.max` says how many are kept.',
  },
  TEMPLATE_FAILED: {
    status: 422,
    title: 'A template of the chart failed',
    retryable: false,
    remedy: 'Change the values, or correct the chart at the template and line named in the message.',
  },
  TEMPLATE_TIMEOUT: {
    status: 422,
    title: 'The templates of the chart take too long',
    retryable: false,
    remedy: 'Look for loops and recursion in the templates; the limit is set by `limits.renderSec`.',
  },
  TOO_MANY_RELEASES: {
    status: 409,
    title: 'More releases match than may be changed',
    retryable: false,
    remedy: 'Narrow the label selector, or raise `limit`; `dryrun=true` shows what matches.',
  },
  VALUES_INVALID: {
    status: 422,
    title: 'The values cannot be used',
    retryable: false,
    remedy: 'Correct the value at the path named in the message.',
  },
  VALUES_SCHEMA_INVALID: {
    status: 422,
    title: "The values do not fit the chart's values.schema.json",
    retryable: false,
    remedy: 'Correct the values named in the message; the schema is part of the chart.',
  },
} as const satisfies Record<string, ProblemKind>;
