import type { ProblemCode } from '../../problems/problem.ts';

type Codes = readonly ProblemCode[];

/** Errors of finding, fetching and reading a chart. */
const chartErrors = [
  'ADDRESS_REFUSED',
  'CHART_ARCHIVE_INVALID',
  'CHART_DEPENDENCIES_MISSING',
  'CHART_DIGEST_MISMATCH',
  'CHART_MISSING',
  'CHART_NOT_FOUND',
  'CHART_NOT_INSTALLABLE',
  'CHART_NOT_RECORDED',
  'CHART_REFERENCE_INVALID',
  'CHART_SCHEMA_INVALID',
  'CHART_TOO_LARGE',
  'CHART_UNSAFE_PATH',
  'CHART_VERSION_NOT_FOUND',
  'CHART_YAML_INVALID',
  'CREDENTIAL_INVALID',
  'DOWNLOAD_TOO_LARGE',
  'ENGINE_BUSY',
  'REGISTRY_UNAUTHORIZED',
  'REGISTRY_UNREACHABLE',
  'REPOSITORY_INDEX_INVALID',
  'REPOSITORY_NOT_FOUND',
  'REPOSITORY_UNAUTHORIZED',
  'REPOSITORY_UNREACHABLE',
] as const satisfies Codes;

/** Errors of reading a chart that a request names by repository or image. */
export const chartReadErrors = [
  ...chartErrors.filter((code) => code !== 'CHART_NOT_RECORDED'),
  'CANCELLED',
  'CLUSTER_FAILED',
  'ENGINE_STOPPED',
] as const;

/** Errors of the request itself, and of rendering a chart with it. */
const renderErrors = [
  'API_NOT_CONVERTIBLE',
  'CRD_OUTDATED',
  'DEPENDENCY_CYCLE',
  'DEPENDENCY_INVALID',
  'DEPENDENCY_NOT_FOUND',
  'DEPENDENCY_VERSION',
  'KUBE_VERSION_INCOMPATIBLE',
  'LABEL_INVALID',
  'NAMESPACE_RESERVED',
  'OUTPUT_INVALID',
  'OUTPUT_SHAPES_OBJECTS',
  'PLUGIN_REFUSED',
  'RELEASE_LOCKED',
  'RELEASE_NAME_INVALID',
  'TEMPLATE_FAILED',
  'TEMPLATE_TIMEOUT',
  'VALUES_INVALID',
  'VALUES_SCHEMA_INVALID',
] as const satisfies Codes;

/** Errors of every call to the engine and the cluster. */
export const clusterErrors = [
  'CLUSTER_FAILED',
  'CLUSTER_UNREACHABLE',
  'ENGINE_STOPPED',
  'FORBIDDEN',
  'OPERATION_TIMEOUT',
] as const satisfies Codes;

/** Errors of reading objects of the cluster in the name of the caller. */
export const readObjectErrors = [
  'CANCELLED',
  'CLUSTER_FAILED',
  'CLUSTER_UNREACHABLE',
  'FORBIDDEN',
  'TOO_MANY_OBJECTS',
] as const satisfies Codes;

/** Errors of changing an object of the cluster in the name of the caller. */
export const changeObjectErrors = [
  'ADMISSION_REFUSED',
  'ADMISSION_UNAVAILABLE',
  'CLUSTER_FAILED',
  'CLUSTER_UNREACHABLE',
  'FORBIDDEN',
  'OBJECT_CHANGED',
] as const satisfies Codes;

/** Errors of the cluster about objects, in a dry run as well: any change may send some. */
const objectErrors = [
  'ADMISSION_REFUSED',
  'ADMISSION_UNAVAILABLE',
  'FIELD_CONFLICT',
  'FIELD_IMMUTABLE',
  'KIND_UNKNOWN',
  'MANIFEST_INVALID',
  'NAMESPACE_NOT_FOUND',
  'NAMESPACE_TERMINATING',
  'OBJECT_BEING_DELETED',
  'QUOTA_EXCEEDED',
  'RELEASE_TOO_LARGE',
  'RESOURCE_EXISTS',
] as const satisfies Codes;

/** Errors of every change. */
const changeErrors = [
  ...clusterErrors,
  ...objectErrors,
  'CANCELLED',
  'HOOK_FAILED',
  'IDEMPOTENCY_KEY_REUSED',
  'RELEASE_NOT_SEALED',
  'RELEASE_UNREADABLE',
  'REVISION_FAILED',
  'REVISION_MISMATCH',
  'SEAL_KEY_INVALID',
  'SHUTTING_DOWN',
  'TIMEOUT_REACHED',
  'TOO_MANY_TASKS',
] as const satisfies Codes;

/** Errors of an install. */
export const installErrors = [
  ...changeErrors,
  ...chartErrors,
  ...renderErrors,
  'DEPENDENCY_NOT_READY',
  'RELEASE_EXISTS',
  'RELEASE_NOT_READY',
] as const satisfies Codes;

/** Errors of an upgrade. */
export const upgradeErrors = [...installErrors, 'RELEASE_NOT_FOUND'] as const satisfies Codes;

/** Errors of a dry run. */
export const dryRunErrors = [
  ...clusterErrors,
  ...chartErrors,
  ...objectErrors,
  ...renderErrors,
  'RELEASE_TOO_LARGE',
  'RELEASE_UNREADABLE',
] as const satisfies Codes;

/** Errors of a delete. */
export const deleteErrors = [...changeErrors, 'RELEASE_HAS_DEPENDENTS', 'RELEASE_NOT_FOUND'] as const satisfies Codes;

/** Errors of a change that does not render. */
export const rewriteErrors = [
  ...changeErrors,
  'API_NOT_CONVERTIBLE',
  'RELEASE_LOCKED',
  'RELEASE_NOT_FOUND',
] as const satisfies Codes;

/** Errors of a rollback. */
export const rollbackErrors = [
  ...changeErrors,
  ...chartErrors,
  ...renderErrors,
  'RELEASE_NOT_FOUND',
  'REVISION_NOT_FOUND',
] as const satisfies Codes;

/** Errors of a detachment. */
export const detachErrors = [...rewriteErrors, 'RELEASE_PAUSED'] as const satisfies Codes;

/** Errors of a change of many releases; the response has the result of each. */
export const bulkErrors = ['QUERY_INVALID', 'RELEASE_HAS_DEPENDENTS', 'TOO_MANY_RELEASES'] as const satisfies Codes;

/** Errors of a restart. */
export const restartErrors = [...changeErrors, 'RELEASE_NOT_FOUND', 'RELEASE_PAUSED'] as const satisfies Codes;

/** Errors of an uploaded archive. */
export const archiveErrors = ['CHART_ARCHIVE_MISSING', 'CHART_TOO_LARGE', 'ENGINE_BUSY'] as const satisfies Codes;

/** Errors of reading a repository's index. */
export const indexErrors = [
  'ADDRESS_REFUSED',
  'DOWNLOAD_TOO_LARGE',
  'ENGINE_BUSY',
  'ENGINE_STOPPED',
  'REPOSITORY_INDEX_INVALID',
  'REPOSITORY_NOT_FOUND',
  'REPOSITORY_UNAUTHORIZED',
  'REPOSITORY_UNREACHABLE',
] as const satisfies Codes;
