import { groupKind, type ObjectRef } from '../kube/kube-object.ts';
import { believedObjects, type BelievedRecord } from '../kube/believed-objects.ts';

/**
 * Maximum kinds that are watched for one release: a manifest may name ten thousand that are not served, and each would
 * be looked up repeatedly.
 */
const MAX_KINDS = 64;

/**
 * One object of each kind whose live state a release is believed about, at most 64 kinds, in the order of the manifest.
 */
export function watchedKinds(record: BelievedRecord): ObjectRef[] {
  const kinds = new Map<string, ObjectRef>();
  for (const ref of believedObjects(record)) {
    const name = groupKind(ref.apiVersion, ref.kind);
    if (!kinds.has(name) && kinds.size < MAX_KINDS) {
      kinds.set(name, ref);
    }
  }
  return [...kinds.values()];
}
