import type { createClusterParts } from './cluster-parts.ts';
import { problem } from './domain/problem-error.ts';
import type { HelmEngine } from './ports/helm-engine.ts';
import type { Leadership } from './ports/leadership.ts';

type Cluster = ReturnType<typeof createClusterParts>;

/**
 * Lets only the leader change releases, asked at every single step (decision 26): a process that was frozen and wakes
 * up goes on in the middle of a change that another replica has taken over. Tasks need no fence: a write that is not
 * based on the newest one is refused by the cluster.
 */
export function createLeadFence(leadership: Pick<Leadership, 'isLeader'>) {
  /** Rejects with CLUSTER_UNREACHABLE, after which nobody concludes anything of the change that was going on. */
  async function led<T>(act: () => Promise<T>): Promise<T> {
    if (!leadership.isLeader()) {
      throw problem(
        'CLUSTER_UNREACHABLE',
        'this replica does not lead any longer: it could not renew its lease in time',
      );
    }
    return act();
  }

  return {
    engine: (engine: HelmEngine): HelmEngine => ({
      ...engine,
      install: (...parts) => led(() => engine.install(...parts)),
      upgrade: (...parts) => led(() => engine.upgrade(...parts)),
      rewriteRelease: (...parts) => led(() => engine.rewriteRelease(...parts)),
      uninstall: (...parts) => led(() => engine.uninstall(...parts)),
      markFailed: (...parts) => led(() => engine.markFailed(...parts)),
      removeFailedInstall: (...parts) => led(() => engine.removeFailedInstall(...parts)),
    }),

    cluster: (cluster: Cluster): Cluster => {
      const { archives, namespaces, claims, workloads, rolloutMarks } = cluster;
      return {
        ...cluster,
        archives: { ...archives, remove: (...parts) => led(() => archives.remove(...parts)) },
        namespaces: {
          ...namespaces,
          create: (...parts) => led(() => namespaces.create(...parts)),
          removeIfUnused: (...parts) => led(() => namespaces.removeIfUnused(...parts)),
        },
        claims: { ...claims, remove: (...parts) => led(() => claims.remove(...parts)) },
        workloads: {
          ...workloads,
          roll: (...parts) => led(() => workloads.roll(...parts)),
          removePod: (pod) => led(() => workloads.removePod(pod)),
          scale: (...parts) => led(() => workloads.scale(...parts)),
        },
        rolloutMarks: { ...rolloutMarks, markDone: (...parts) => led(() => rolloutMarks.markDone(...parts)) },
      };
    },
  };
}
