import type { Awaited } from '../../../contract/schemas/release.ts';
import type { ResourceState } from '../../../contract/schemas/release-resources.ts';
import type { KubeObject, ObjectRef } from '../kube/kube-object.ts';

/** An object of a release in the format of the answer, and what it waits for; nothing if it is ready. */
export type Described<Shown> = { shown: Shown; waitingFor: Awaited[] };

/** State of an object that is ready. */
export const READY: ResourceState = { status: 'Ready', reason: '', message: '' };

/** State of an object that is about to go. */
export const TERMINATING: ResourceState = {
  status: 'Terminating',
  reason: 'Terminating',
  message: 'it is being deleted',
};

/** A state in the original Walm's words. */
export function stateOf(status: string, reason = '', message = ''): ResourceState {
  return { status, reason, message };
}

/** Name, namespace and kind, as in every shown resource. */
export function metaOf({ name, namespace, kind }: ObjectRef, state: ResourceState) {
  return { name, namespace, kind, state };
}

/** Labels and annotations; null if the object has none. */
export function labelsOf(object: KubeObject | undefined) {
  return { labels: object?.metadata.labels ?? null, annotations: object?.metadata.annotations ?? null };
}

/** States that an object waits for something. */
export function awaits({ kind, namespace, name }: ObjectRef, reason: string, message: string): Awaited {
  return { kind, namespace, name, reason, message };
}

/** The wait for an object of the manifest that the cluster does not have. */
export function notFound(ref: ObjectRef): Awaited {
  return awaits(ref, 'NotFound', 'the release records it but the cluster does not have it');
}

/**
 * Whether the object's controller has observed its last change; only then is the rest of the status meaningful. Some
 * controllers write the generation as a string.
 */
export function isObserved(object: KubeObject): boolean {
  const status = object.status;
  const observed =
    typeof status === 'object' && status !== null && !Array.isArray(status) && status['observedGeneration'];
  const generation = typeof observed === 'string' && /^\d+$/.test(observed) ? Number(observed) : observed;
  return typeof generation === 'number' && generation >= (object.metadata.generation ?? 0);
}
