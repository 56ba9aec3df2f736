import { groupKind, type KubeObject } from '../../domain/kube/kube-object.ts';
import { leanObject } from '../../domain/kube/lean-object.ts';
import { createObjectIndex } from '../../domain/indexes/object-index.ts';
import type { LiveChange, LiveObjects } from '../../ports/cluster/live-objects.ts';

/** A live view of a cluster whose contents a test sets. */
export type MemoryLiveObjects = LiveObjects & {
  put(object: KubeObject): void;
  remove(object: KubeObject): void;
  /** Kinds that are in use at the moment. */
  wantedKinds(): string[];
};

/** An empty cluster, in which every kind that is put or wanted is known. */
export function createMemoryLiveObjects(): MemoryLiveObjects {
  const index = createObjectIndex();
  const listeners = new Set<(changes: readonly LiveChange[]) => void>();
  const wanted = new Map<string, number>();

  function tell(object: KubeObject, removed: boolean): void {
    listeners.forEach((listener) => listener([{ object, removed }]));
  }

  return {
    ...index,
    knows: (apiVersion, kind) => wanted.has(groupKind(apiVersion, kind)) || index.list(apiVersion, kind).length > 0,
    synced: Promise.resolve(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ensureKind(apiVersion, kind) {
      const name = groupKind(apiVersion, kind);
      wanted.set(name, (wanted.get(name) ?? 0) + 1);
      return () => {
        const left = (wanted.get(name) ?? 0) - 1;
        if (left > 0) {
          wanted.set(name, left);
        } else {
          wanted.delete(name);
        }
      };
    },
    wantedKinds: () => [...wanted.keys()].sort(),
    put(object) {
      const lean = leanObject(object);
      index.put(lean);
      tell(lean, false);
    },
    remove(object) {
      index.remove(object);
      tell(object, true);
    },
  };
}
