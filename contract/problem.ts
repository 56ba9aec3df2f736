import { Type, type Static } from 'typebox';

/** One kind of error that Walm can answer with. */
interface ProblemKind {
  /** HTTP status of the answer. */
  readonly status: number;
  /** What went wrong, without the particulars. */
  readonly title: string;
  /** True when the same request, sent again later and unchanged, may succeed. */
  readonly retryable: boolean;
  /** What the caller can do about it. */
  readonly remedy: string;
}

/**
 * Every error of the API, by its stable code. Clients branch on the code, never on message texts.
 * Codes are added in alphabetical order and never renamed; the reference page is generated from here.
 */
export const problemCatalogue = {
  ADDRESS_REFUSED: {
    status: 422,
    title: 'The address is not one that Walm may connect to',
    retryable: false,
    remedy: 'Use an address outside of the link-local, metadata and, where so configured, private ranges.',
  },
  ADMISSION_REFUSED: {
    status: 422,
    title: 'The cluster refused an object',
    retryable: false,
    remedy: 'Change the values so that the object named in `details` satisfies the admission rule that is quoted.',
  },
  BODY_MALFORMED: {
    status: 400,
    title: 'The request body cannot be read',
    retryable: false,
    remedy: 'Send well-formed JSON in UTF-8 (or well-formed multipart/form-data where the operation takes an archive).',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The request body is too large',
    retryable: false,
    remedy: 'Send less; the limit is in `details` and is set by `limits.bodyBytes`.',
  },
  CANCELLED: {
    status: 409,
    title: 'The operation was cancelled',
    retryable: true,
    remedy: 'Send the request again if the operation is still wanted.',
  },
  CHART_ARCHIVE_INVALID: {
    status: 422,
    title: 'The chart archive cannot be read',
    retryable: false,
    remedy: 'Pack the chart with `helm package` and send the .tgz unchanged.',
  },
  CHART_ARCHIVE_MISSING: {
    status: 400,
    title: 'The request has no chart archive',
    retryable: false,
    remedy: 'Send the packaged chart (.tgz) as the multipart part `chart`.',
  },
  CHART_DEPENDENCIES_MISSING: {
    status: 422,
    title: 'The chart archive lacks subcharts that Chart.yaml names',
    retryable: false,
    remedy: 'Run `helm dependency update` in the chart and pack it again.',
  },
  CHART_DIGEST_MISMATCH: {
    status: 422,
    title: 'The chart is not the one that was promised',
    retryable: false,
    remedy: 'The archive was replaced or damaged on its way; ask the owner of the repository or registry.',
  },
  CHART_MISSING: {
    status: 422,
    title: 'The request names no chart',
    retryable: false,
    remedy: 'Send an archive, or name the chart with `chartImage` or `chartName`.',
  },
  CHART_NOT_FOUND: {
    status: 404,
    title: 'The chart does not exist',
    retryable: false,
    remedy: 'Check the name; `GET /api/v1/chart/{repo}/list` lists what a repository has.',
  },
  CHART_NOT_INSTALLABLE: {
    status: 422,
    title: 'The chart cannot be installed',
    retryable: false,
    remedy: 'Library charts have nothing to install; use them as a dependency of another chart.',
  },
  CHART_NOT_RECORDED: {
    status: 422,
    title: 'The chart of the release is not at hand',
    retryable: false,
    remedy: 'Send the chart with the request.',
  },
  CHART_REFERENCE_INVALID: {
    status: 422,
    title: 'The chart reference cannot be understood',
    retryable: false,
    remedy: 'Write a chart image as `registry/repository:tag`, a repository as `https://host/path`.',
  },
  CHART_SCHEMA_INVALID: {
    status: 422,
    title: "The chart's values.schema.json cannot be used",
    retryable: false,
    remedy: 'Correct the schema; it may not refer to files, nor to addresses that Walm may not contact.',
  },
  CHART_TOO_LARGE: {
    status: 413,
    title: 'The chart archive is too large',
    retryable: false,
    remedy: 'Make the chart smaller; the limits are in `details` and are set by `limits.*`.',
  },
  CHART_UNSAFE_PATH: {
    status: 422,
    title: 'The chart archive contains a name that is not allowed',
    retryable: false,
    remedy: 'Pack the chart with `helm package`; links and paths outside of the chart are refused.',
  },
  CHART_VERSION_NOT_FOUND: {
    status: 404,
    title: 'The chart has no such version',
    retryable: false,
    remedy: 'Check the version; `GET /api/v1/chart/{repo}/list` lists what a repository has.',
  },
  CHART_YAML_INVALID: {
    status: 422,
    title: 'A YAML file of the chart cannot be used',
    retryable: false,
    remedy: 'Correct the file named in the message.',
  },
  CLUSTER_UNREACHABLE: {
    status: 503,
    title: 'The Kubernetes API server does not answer',
    retryable: true,
    remedy: 'Check the cluster and the connection to it, then send the request again.',
  },
  CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    title: 'The content type is not one that this operation reads',
    retryable: false,
    remedy: 'Send the `Content-Type` header named in the message.',
  },
  CREDENTIAL_INVALID: {
    status: 422,
    title: 'A Secret with chart credentials cannot be used',
    retryable: false,
    remedy: 'Correct the Secret named in the message, or take the label `walm.io/credential` off it.',
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
    remedy: 'Install it first, or leave the dependency out.',
  },
  DEPENDENCY_VERSION: {
    status: 422,
    title: 'A release that is depended on has the wrong chart version',
    retryable: false,
    remedy: 'Depend on a release whose chart version lies between the two in the message.',
  },
  DOWNLOAD_TOO_LARGE: {
    status: 422,
    title: 'A download is larger than allowed',
    retryable: false,
    remedy: 'The limits are set by `limits.downloadBytes` and `limits.archiveBytes`.',
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
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'The headers of the request are too large',
    retryable: false,
    remedy: 'Send fewer or smaller headers; the limit is set by `http.headerBytes`.',
  },
  HEADER_INVALID: {
    status: 400,
    title: 'A header of the request cannot be used',
    retryable: false,
    remedy: 'Correct the header named in the message.',
  },
  HOOK_FAILED: {
    status: 422,
    title: 'A hook of the chart failed',
    retryable: false,
    remedy: 'Look at the job or pod named in `details` and at its log, then send the request again.',
  },
  HOST_REFUSED: {
    status: 403,
    title: 'The request names a host that is not this server',
    retryable: false,
    remedy: 'Address the server as 127.0.0.1, [::1] or localhost; without authentication it answers to nothing else.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    retryable: false,
    remedy: 'Send a new key with a new request; repeat a request unchanged with its own key.',
  },
  INTERNAL: {
    status: 500,
    title: 'Walm failed in a way it did not expect',
    retryable: true,
    remedy: 'Report it with the request id; the server log has the cause under that id.',
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
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'The path exists, but not with this method',
    retryable: false,
    remedy: 'Use one of the methods in the `Allow` header.',
  },
  NAMESPACE_NOT_FOUND: {
    status: 404,
    title: 'The namespace does not exist',
    retryable: false,
    remedy: 'Create the namespace first, or send the request with `createNamespace=true`.',
  },
  NOT_READY: {
    status: 503,
    title: 'The server is not ready yet',
    retryable: true,
    remedy: 'Wait for the parts named in `details`.',
  },
  OPERATION_TIMEOUT: {
    status: 504,
    title: 'The operation did not finish in time',
    retryable: true,
    remedy: 'Look at the release for what it waits for; the limit is set by `operationTimeoutSec`.',
  },
  PATH_INVALID: {
    status: 400,
    title: 'A part of the path cannot be a name',
    retryable: false,
    remedy: 'Correct the name; `details.pattern` says what it can be.',
  },
  QUERY_INVALID: {
    status: 400,
    title: 'A query parameter cannot be understood',
    retryable: false,
    remedy: 'Correct the parameter named in the message.',
  },
  QUOTA_EXCEEDED: {
    status: 422,
    title: 'A quota of the namespace does not allow it',
    retryable: true,
    remedy: 'Ask for less, or have the ResourceQuota named in the message raised.',
  },
  REGISTRY_UNAUTHORIZED: {
    status: 422,
    title: 'The registry refuses access',
    retryable: false,
    remedy: 'Check that the chart exists, and the credentials for the registry in the namespace or the configuration.',
  },
  REGISTRY_UNREACHABLE: {
    status: 502,
    title: 'The registry cannot be used',
    retryable: true,
    remedy: 'Check the address and that the registry is up; plain http must be asked for.',
  },
  RELEASE_EXISTS: {
    status: 409,
    title: 'A release of this name exists in the namespace',
    retryable: false,
    remedy: 'Choose another name, or delete the release first.',
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
  RELEASE_TOO_LARGE: {
    status: 413,
    title: 'The record of the release is larger than Kubernetes keeps',
    retryable: false,
    remedy:
      'Make the chart smaller, for example by a `.helmignore`; the sizes of the parts are in `details`, in bytes.',
  },
  REPOSITORY_INDEX_INVALID: {
    status: 502,
    title: 'The index of the chart repository cannot be used',
    retryable: false,
    remedy: 'Check that the address is that of a chart repository.',
  },
  REPOSITORY_NOT_FOUND: {
    status: 404,
    title: 'No chart repository of this name is configured',
    retryable: false,
    remedy: '`GET /api/v1/chart/repolist` lists the configured repositories.',
  },
  REPOSITORY_UNAUTHORIZED: {
    status: 422,
    title: 'The chart repository refuses access',
    retryable: false,
    remedy: 'Check the credentials for the repository in the namespace or the configuration.',
  },
  REPOSITORY_UNREACHABLE: {
    status: 502,
    title: 'The chart repository cannot be reached',
    retryable: true,
    remedy: 'Check the address and that the repository is up.',
  },
  REQUEST_INVALID: {
    status: 422,
    title: 'The request does not fit the contract',
    retryable: false,
    remedy: 'Correct every place listed in `details.errors`; each has a JSON pointer into the body.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request did not arrive in time',
    retryable: true,
    remedy: 'Send the request again over a faster connection, or smaller.',
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
  ROUTE_NOT_FOUND: {
    status: 404,
    title: 'There is nothing at this path',
    retryable: false,
    remedy: 'Look the path up in `/swagger-ui/` or `/api/v1/openapi.json`.',
  },
  SHUTTING_DOWN: {
    status: 503,
    title: 'The server is shutting down',
    retryable: true,
    remedy: 'Send the request again; another replica, or this one after its restart, takes it.',
  },
  TASK_NOT_FOUND: {
    status: 404,
    title: 'The task does not exist',
    retryable: false,
    remedy: 'Check the id; finished tasks are removed after `tasks.retentionSec`.',
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
  TIMEOUT_REACHED: {
    status: 504,
    title: 'The wait for the operation ended before the operation did',
    retryable: true,
    remedy: 'The operation carries on: read its task, or wait longer with `timeoutSec`, or use `async=true`.',
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

/** The stable code of an error. */
export type ProblemCode = keyof typeof problemCatalogue;

/** Whether a text (from the engine, from another version of Walm) is a code of this catalogue. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(problemCatalogue, text);
}

/** The body of every error answer (decision 21). */
export const ProblemBody = Type.Object(
  {
    errorCode: Type.Literal(-1, { description: 'Always -1, as the documentation of the original Walm says.' }),
    errCode: Type.Literal(-1, { description: 'Always -1, as the original Walm answered.' }),
    errMessage: Type.String({ description: 'What happened, to which object, why, and what to do.' }),
    code: Type.String({ description: 'Stable code; see the list of errors.' }),
    requestId: Type.String({ description: 'Stands in the server log beside everything this request did.' }),
    details: Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      description: 'Particulars, by code: places in the request, the object, sizes and limits.',
    }),
  },
  { $id: 'Problem', description: 'An error.' },
);
export type ProblemBody = Static<typeof ProblemBody>;
