import type { Awaited } from '../../../contract/schemas/release.ts';
import { UNREADABLE_REASON } from './count-ready.ts';
import { maskReference } from '../masking/mask-reference.ts';
import { isFailed, isInProgress } from '../revisions/helm-status.ts';
import { isUnreadable } from '../release/unreadable-record.ts';
import { newestOf, type ReleaseRecord } from '../release/release-record.ts';
import type { Unready } from '../status/resource-set.ts';

/** Whether a release is ready, why not, and everything it waits for. */
export type Readiness = { ready: boolean; message: string; waitingFor: Awaited[] };

/** Of a release with thousands of objects no more is listed than anyone reads. */
const MAX_AWAITED = 100;

const PAUSED_MESSAGE = 'Release is paused now';

function nameOf({ namespace, name }: { namespace: string; name: string }): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/**
 * `container app of Pod demo/web-1: ImagePullBackOff: image … cannot be pulled`; the object is named only if it is a
 * different one.
 */
function reasonOf(unready: Unready, wait: Awaited): string {
  const container = wait.container === undefined ? '' : `container ${wait.container} of `;
  const isItself = wait.kind === unready.kind && wait.name === unready.name && wait.namespace === unready.namespace;
  const where = isItself && container === '' ? '' : `${container}${wait.kind} ${nameOf(wait)}: `;
  return `${where}${wait.reason}${wait.message === '' ? '' : `: ${wait.message}`}`;
}

/** The original Walm's sentence, then the reason (decision 41: `message`). */
function sentence(unready: Unready): string {
  const [first] = unready.waitingFor;
  const reason = first === undefined ? '' : `: ${reasonOf(unready, first)}`;
  return `${unready.kind} ${nameOf(unready)} is in state ${unready.status}${reason}`;
}

/**
 * A release is ready if its applied revision is deployed, it is not paused, and all its objects are ready; a release
 * without objects is ready, unless plain Helm has emptied it. A failed attempt does not affect readiness. The status of
 * a revision takes precedence over objects: a failed first install, or an operation of another Helm client (decision
 * 30: when a locked release is unlocked), may not have reached them. The texts contain no secrets.
 */
export function releaseReadiness(record: ReleaseRecord, unready: readonly Unready[]): Readiness {
  const { ready, message, waitingFor } = readinessOf(record, unready);
  const { masker } = record;
  return {
    ready,
    message: masker.text(message),
    waitingFor: waitingFor
      .slice(0, MAX_AWAITED)
      .map((wait) => ({ ...maskReference(wait, masker), message: masker.text(wait.message) })),
  };
}

function readinessOf(record: ReleaseRecord, unready: readonly Unready[]): Readiness {
  const waitingFor = unready.flatMap((resource) => resource.waitingFor);
  const [first] = unready;
  const own = { kind: 'Release', namespace: record.namespace, name: record.name };
  if (isUnreadable(record)) {
    const reason = `revision ${record.revision} cannot be read: ${record.description}`;
    const message = `Release ${nameOf(own)} is in state Unreadable: ${reason}`;
    return { ready: false, message, waitingFor: [{ ...own, reason: UNREADABLE_REASON, message: reason }] };
  }
  if (record.paused) {
    return { ready: false, message: PAUSED_MESSAGE, waitingFor: [] };
  }
  const newest = newestOf(record);
  if (isInProgress(newest.status)) {
    const since = record.attempt?.at ?? record.updated;
    const message = `locked by helm since ${since}: revision ${newest.revision} is ${newest.status}`;
    return { ready: false, message, waitingFor: [{ ...own, reason: 'Locked', message }, ...waitingFor] };
  }
  if (isFailed(record.status)) {
    const reason = `revision ${record.revision} failed: ${record.description}`;
    const wait = { ...own, reason: 'RevisionFailed', message: reason };
    const message = `Release ${nameOf(own)} is in state Failed: ${reason}`;
    return { ready: false, message, waitingFor: [wait, ...waitingFor] };
  }
  if (record.outside !== null && record.facts !== null && record.objects.length === 0) {
    const reason = `plain helm has left no object of it at revision ${record.revision}: upgrade it, or roll it back`;
    const message = `Release ${nameOf(own)} is in state Empty: ${reason}`;
    return { ready: false, message, waitingFor: [{ ...own, reason: 'Empty', message: reason }] };
  }
  return { ready: first === undefined, message: first === undefined ? '' : sentence(first), waitingFor };
}
