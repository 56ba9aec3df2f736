import type { ProblemKind } from './problem-kind.ts';

/** Errors of changing and rendering releases, in alphabetical order. */
export const releaseProblems = {
  ADMISSION_REFUSED: {
    status: 422,
    title: 'The cluster refused an object',
    retryable: false,
    remedy: 'Change the values so that the object named in `details` satisfies the admission rule that is quoted.',
  },
  API_NOT_CONVERTIBLE: {
    status: 422,
    title: 'An object is written in an API version that the cluster no longer serves, and cannot be converted',
    retryable: false,
    remedy: 'Change the chart as the reason in the message says, or turn the object off by the values of the chart.',
  },
  CLUSTER_UNREACHABLE: {
    status: 503,
    title: 'The Kubernetes API server does not answer',
    retryable: true,
    remedy: 'Check the cluster and the connection to it, then send the request again.',
  },
  DEPENDENCY_CYCLE: {
    status: 422,
    title: 'The dependencies form a cycle',
    retryable: false,
    remedy: 'Leave one of the dependencies out of the path in the message.',
  },
  DEPENDENCY_INVALID: {
    status: 422,
    title: 'A dependency cannot be understood',
    retryable: false,
    remedy: 'Name it as `release` or `namespace/release`.',
  },
  DEPENDENCY_NOT_FOUND: {
    status: 422,
    title: 'A release that is depended on does not exist',
    retryable: false,
    remedy: 'Install it first, leave the dependency out, or send `allowMissing=true`.',
  },
  DEPENDENCY_NOT_READY: {
    status: 422,
    title: 'A release that is depended on did not become ready',
    retryable: true,
    remedy: 'See what it waits for and send the request again, or send it with `waitReady=false`.',
  },
  DEPENDENCY_VERSION: {
    status: 422,
    title: 'A release that is depended on has the wrong chart version',
    retryable: false,
    remedy: 'Depend on a release whose chart version lies between the two in the message.',
  },
  ENGINE_STOPPED: {
    status: 503,
    title: 'The engine stopped while it was working',
    retryable: true,
    remedy: 'Send the request again: the engine has been restarted. If it happens again, look at the server log.',
  },
  FIELD_CONFLICT: {
    status: 409,
    title: 'Another manager owns a field that the operation would change',
    retryable: false,
    remedy: 'Remove the other change, leave the field to its manager, or send `forceConflicts=true` to take it over.',
  },
  FIELD_IMMUTABLE: {
    status: 422,
    title: 'A field cannot be changed once the object exists',
    retryable: false,
    remedy: 'Delete the object named in `details` and send the request again, or leave the field as it is.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'Not allowed',
    retryable: false,
    remedy: 'Ask the administrator of the cluster for the permission named in the message.',
  },
  HOOK_FAILED: {
    status: 422,
    title: 'A hook of the chart failed',
    retryable: false,
    remedy: 'Look at the job or pod named in `details` and at its log, then send the request again.',
  },
  KIND_UNKNOWN: {
    status: 422,
    title: 'The cluster does not know a kind that the manifest contains',
    retryable: false,
    remedy:
      'Install the custom resource definition first, or change the chart to an API version that the cluster serves.',
  },
  KUBE_VERSION_INCOMPATIBLE: {
    status: 422,
    title: 'The chart does not support this version of Kubernetes',
    retryable: false,
    remedy: 'Use a version of the chart that supports the Kubernetes version in `details`.',
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
  NAMESPACE_NOT_FOUND: {
    status: 404,
    title: 'The namespace does not exist',
    retryable: false,
    remedy: 'Create the namespace first, or send the request with `createNamespace=true`.',
  },
  OPERATION_TIMEOUT: {
    status: 504,
    title: 'The operation did not finish in time',
    retryable: true,
    remedy: 'Look at the release for what it waits for; the limit is set by `operationTimeoutSec`.',
  },
  OUTPUT_INVALID: {
    status: 422,
    title: 'An output cannot be understood',
    retryable: false,
    remedy:
      'Write `values:path`, `service:name.address`, `configmap:name.key` or `secret:name.key`; see the guide to outputs.',
  },
  PLUGIN_REFUSED: {
    status: 422,
    title: 'A plugin cannot do what its arguments ask for, or must not',
    retryable: false,
    remedy:
      'Change the arguments of the plugin named in the message, or disable it; `GET /api/v1/plugin` describes them.',
  },
  QUOTA_EXCEEDED: {
    status: 422,
    title: 'A quota of the namespace does not allow it',
    retryable: true,
    remedy: 'Ask for less, or have the ResourceQuota named in the message raised.',
  },
  RELEASE_EXISTS: {
    status: 409,
    title: 'A release of this name exists in the namespace',
    retryable: false,
    remedy: 'Choose another name, or delete the release first.',
  },
  RELEASE_HAS_DEPENDENTS: {
    status: 409,
    title: 'Other releases depend on the release',
    retryable: false,
    remedy: 'Remove the dependency from the releases in `details`, or send `force=true`.',
  },
  RELEASE_LOCKED: {
    status: 409,
    title: 'Another operation on the release is going on',
    retryable: true,
    remedy: 'Wait for the operation named in the message to end.',
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
    remedy: 'Check the namespace and the name; `GET /api/v1/release` lists what exists.',
  },
  RELEASE_NOT_READY: {
    status: 422,
    title: 'The release was applied and cannot become ready',
    retryable: false,
    remedy: 'Look at what `details.waitingFor` names, correct it, and upgrade the release; what was applied stays.',
  },
  RELEASE_PAUSED: {
    status: 409,
    title: 'The release is paused',
    retryable: false,
    remedy: 'Recover the release first.',
  },
  RELEASE_TOO_LARGE: {
    status: 413,
    title: 'The record of the release is larger than Kubernetes keeps',
    retryable: false,
    remedy:
      'Make the chart smaller, for example by a `.helmignore`; the sizes of the parts are in `details`, in bytes.',
  },
  RESOURCE_EXISTS: {
    status: 409,
    title: 'An object of the chart exists already and belongs to something else',
    retryable: false,
    remedy: 'Delete or rename the object named in the message, or choose another release name.',
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
    remedy: 'Change the values, or the template and line named in the message.',
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
    remedy: 'Correct the values named in the message.',
  },
} as const satisfies Record<string, ProblemKind>;
