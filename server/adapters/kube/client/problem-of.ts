import { problem, ProblemError, type ProblemObject } from '../../../domain/errors/problem-error.ts';
import { KubeApiError } from './kube-api-error.ts';

/** The API server's text if it could not call a webhook. */
const SILENT_WEBHOOK = /failed calling webhook "([^"]+)"|(conversion webhook for [^:]+) failed: Post/;

/**
 * The problem for the caller when a call to the API server has failed; `object` is what the call was about. Errors that
 * are not the API server's response are returned unchanged. Its codes and the engine's are tested with
 * engine/testdata/rules/refusals.json.
 */
export function problemOf(error: unknown, object: ProblemObject): unknown {
  if (!(error instanceof KubeApiError)) {
    return error;
  }
  const name = object.namespace ? `${object.namespace}/${object.name}` : object.name;
  const [, called, converting] = SILENT_WEBHOOK.exec(error.message) ?? [];
  const webhook = called ?? converting;
  if (webhook !== undefined) {
    const message = `the webhook ${webhook} of the cluster does not answer: ${error.message}`;
    return new ProblemError('ADMISSION_UNAVAILABLE', message, { details: { webhook }, object, cause: error });
  }
  if (error.status === 0 || error.status >= 500 || error.status === 429) {
    return new ProblemError('CLUSTER_UNREACHABLE', error.message, { object, cause: error });
  }
  const message = `the cluster refused ${object.kind} ${name}: ${error.message}`;
  if (error.status === 403 && error.message.includes('because it is being terminated')) {
    return problem('NAMESPACE_TERMINATING', message, {}, object);
  }
  if (error.status === 404 && /^namespaces "[^"]*" not found/.test(error.message)) {
    return problem('NAMESPACE_NOT_FOUND', message, {}, object);
  }
  if (error.status === 403) {
    return new ProblemError(codeOfForbidden(error.message), message, { object, cause: error });
  }
  if (error.status === 422 || error.status === 400) {
    return new ProblemError('ADMISSION_REFUSED', message, { details: { causes: error.causes }, object, cause: error });
  }
  return new ProblemError('CLUSTER_FAILED', message, { object, cause: error });
}

/**
 * Admission plugins of the API server respond with the same status as its authoriser, which always says what the user
 * cannot do. Another program than the API server, e.g. a proxy, says something else.
 */
function codeOfForbidden(message: string): 'QUOTA_EXCEEDED' | 'ADMISSION_REFUSED' | 'FORBIDDEN' {
  if (/(exceeded|failed) quota/.test(message)) {
    return 'QUOTA_EXCEEDED';
  }
  if (/admission webhook|ValidatingAdmissionPolicy|violates PodSecurity/.test(message)) {
    return 'ADMISSION_REFUSED';
  }
  return /is forbidden:/.test(message) && !/cannot /.test(message) ? 'ADMISSION_REFUSED' : 'FORBIDDEN';
}
