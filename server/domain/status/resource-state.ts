import type { Awaited } from '../../../contract/schemas/release.ts';
import type { ResourceState } from '../../../contract/schemas/release-resources.ts';
import type { KubeObject, ObjectRef } from '../kube/kube-object.ts';

/** One object of a release as the answer shows it, and what it waits for; nothing when it is ready. */
export type Described<Shown> = { shown: Shown; waitingFor: Awaited[] };

/** State of an object that is as it should be. */
export const READY: ResourceState = { status: 'Ready', reason: '', message: '' };

/** Puts a state into the original Walm's words. */
export function stateOf(status: string, reason = '', message = ''): ResourceState {
  return { status, reason, message };
}

/** Name, namespace and kind as every shown resource begins. */
export function metaOf({ name, namespace, kind }: ObjectRef, state: ResourceState) {
  return { name, namespace, kind, state };
}

/** Labels and annotations; null where the object has none. */
export function labelsOf(object: KubeObject | undefined) {
  return { labels: object?.metadata.labels ?? null, annotations: object?.metadata.annotations ?? null };
}

/** Says that an object waits, and for what. */
export function awaits({ kind, namespace, name }: ObjectRef, reason: string, message: string): Awaited {
  return { kind, namespace, name, reason, message };
}

/** What is said of an object of the manifest that the cluster does not have. */
export function notFound(ref: ObjectRef): Awaited {
  return awaits(ref, 'NotFound', 'the release records it but the cluster does not have it');
}

/**
 * Whether the object's controller has seen its last change; only then does the rest of the status mean anything. Some
 * controllers write the generation as text.
 */
export function isObserved(object: KubeObject): boolean {
  const status = object.status;
  const observed =
    typeof status === 'object' && status !== null && !Array.isArray(status) && status['observedGeneration'];
  const generation = typeof observed === 'string' && /^\d+$/.test(observed) ? Number(observed) : observed;
  return typeof generation === 'number' && generation >= (object.metadata.generation ?? 0);
}
