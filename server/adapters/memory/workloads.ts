import type { KubeObject, ObjectRef } from '../../domain/kube/kube-object.ts';
import type { PodRef, Workloads } from '../../ports/cluster/workloads.ts';

/** A workload as a test sees it. */
export type MemoryWorkload = { ref: ObjectRef; generation: number; restartedAt: string | undefined; replicas: number };

/** Workloads and pods named by a test, and the changes made to them. */
export type MemoryWorkloads = Workloads & { workloads: MemoryWorkload[]; pods: PodRef[] };

export function createMemoryWorkloads(refs: readonly ObjectRef[] = [], pods: readonly PodRef[] = []): MemoryWorkloads {
  const state: Pick<MemoryWorkloads, 'workloads' | 'pods'> = {
    workloads: refs.map((ref) => ({ ref, generation: 1, restartedAt: undefined, replicas: 1 })),
    pods: [...pods],
  };

  function change(ref: ObjectRef, changes: Partial<MemoryWorkload>): Promise<void> {
    const found = state.workloads.find(({ ref: { kind, name } }) => kind === ref.kind && name === ref.name);
    if (
      found !== undefined &&
      Object.entries(changes).some(([key, value]) => found[key as keyof typeof found] !== value)
    ) {
      Object.assign(found, changes, { generation: found.generation + 1 });
    }
    return Promise.resolve();
  }

  return Object.assign(state, {
    read({ kind, name }: ObjectRef): Promise<KubeObject | undefined> {
      const found = state.workloads.find(({ ref }) => ref.kind === kind && ref.name === name);
      if (found === undefined) return Promise.resolve(undefined);
      const { ref, generation, replicas } = found;
      const metadata = { name, namespace: ref.namespace, generation };
      return Promise.resolve({ apiVersion: ref.apiVersion, kind, metadata, spec: { replicas } });
    },
    roll: (ref: ObjectRef, at: string) => change(ref, { restartedAt: at }),
    scale: (ref: ObjectRef, replicas: number) => change(ref, { replicas }),
    removePod(pod: PodRef) {
      state.pods = state.pods.filter(({ uid }) => uid !== pod.uid);
      return Promise.resolve();
    },
  });
}
