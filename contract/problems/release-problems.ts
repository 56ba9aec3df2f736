import type { ProblemKind } from './problem-kind.ts';

/** Errors of rendering, changing and reading releases, in alphabetical order. */
export const releaseProblems = {
  HOOK_FAILED: {
    status: 422,
    title: 'A hook of the chart failed',
    retryable: false,
    remedy: 'Look at the Job or Pod named in `details` and at its log, then send the request again.',
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
    title: 'A plugin refuses its arguments',
    retryable: false,
    remedy:
      'Change the arguments of the plugin named in the message, or disable the plugin; `GET /api/v1/plugin` describes all plugins.',
  },
  RELEASE_EXISTS: {
    status: 409,
    title: 'A release of this name already exists in the namespace',
    retryable: false,
    remedy: 'Upgrade it (PUT, or `upsert=true`), choose another name, or delete the release first.',
  },
  RELEASE_LOCKED: {
    status: 409,
    title: 'Another operation on the release is in progress',
    retryable: true,
    remedy:
      'Wait for the operation named in the message to end; `force=true` unlocks the release at once if the operation belongs to another Helm client.',
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
      'Check the namespace and the name; `GET /api/v1/release` lists the releases. An upgrade with `upsert=true` installs a missing one.',
  },
  RELEASE_NOT_READY: {
    status: 422,
    title: 'The release was applied but cannot become ready',
    retryable: false,
    remedy: 'Correct what `details.waitingFor` names and upgrade the release; the objects that were applied stay.',
  },
  RELEASE_NOT_SEALED: {
    status: 409,
    title: 'The newest revision was not recorded by Walm, or has changed since',
    retryable: false,
    remedy: 'Look at the present manifest of the release, then adopt or upgrade it; see docs/guide/seals.md.',
  },
  RELEASE_PAUSED: {
    status: 409,
    title: 'The release is paused',
    retryable: false,
    remedy: 'Recover the release first (`POST …/recover`).',
  },
  RELEASE_TOO_LARGE: {
    status: 413,
    title: 'The record of the release is too large for a Kubernetes Secret',
    retryable: false,
    remedy:
      'Make the chart smaller, for example with a `.helmignore` file; the sizes of the parts are in `details`, in bytes.',
  },
  RELEASE_UNREADABLE: {
    status: 409,
    title: 'The newest record of the release cannot be read',
    retryable: false,
    remedy:
      'Repair or delete the Secret that the message names; after that the release shows its newest readable revision.',
  },
  REVISION_FAILED: {
    status: 422,
    title: 'A change failed; its details were lost',
    retryable: false,
    remedy:
      'The message quotes the description. Send the request again: the answer then names the object and says what helps.',
  },
  REVISION_MISMATCH: {
    status: 409,
    title: 'The release has changed since it was read',
    retryable: false,
    remedy: 'Read the release again and send the request with its present revision.',
  },
  REVISION_NOT_FOUND: {
    status: 404,
    title: 'The release has no such revision',
    retryable: false,
    remedy: 'Choose a revision that `…/history` lists; the option `history.max` says how many are kept.',
  },
  TEMPLATE_FAILED: {
    status: 422,
    title: 'A template of the chart failed',
    retryable: false,
    remedy: 'Change the values, or correct the chart at the template and line named in the message.',
  },
  TEMPLATE_TIMEOUT: {
    status: 422,
    title: 'Rendering the templates of the chart takes too long',
    retryable: false,
    remedy: 'Look for loops and recursion in the templates; the option `limits.renderSec` sets the limit.',
  },
  TOO_MANY_RELEASES: {
    status: 409,
    title: 'The selector matches more releases than `limit` allows',
    retryable: false,
    remedy: 'Narrow the label selector or raise `limit`; `dryrun=true` shows the releases that match.',
  },
  VALUES_INVALID: {
    status: 422,
    title: 'The values are not valid',
    retryable: false,
    remedy: 'Correct the value at the path named in the message.',
  },
  VALUES_SCHEMA_INVALID: {
    status: 422,
    title: "The values do not match the chart's values.schema.json",
    retryable: false,
    remedy: 'Correct the values named in the message; values.schema.json is a file of the chart.',
  },
} as const satisfies Record<string, ProblemKind>;
