import type { Cluster } from '../adapters/cluster.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { EngineCall, HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Leadership, Term } from '../../ports/storage/leadership.ts';

/**
 * Lets only the leader change releases, asked at every single step (decision 26): a process that was frozen and wakes
 * up goes on in the middle of a change that another replica has taken over. An operation of the engine is many writes:
 * it gets the term that it may write in, and asks the clock before each of them. Tasks need no fence: a write that is
 * not based on the newest one is refused by the cluster.
 */
export function createLeadFence(leadership: Pick<Leadership, 'term'>) {
  /** Rejects with CLUSTER_UNREACHABLE, after which nobody concludes anything of the change that was going on. */
  async function led<T>(act: (term: Term) => Promise<T>): Promise<T> {
    const term = leadership.term();
    if (term === null) {
      throw problem(
        'CLUSTER_UNREACHABLE',
        'this replica does not lead any longer: it could not renew its lease in time',
      );
    }
    return act(term);
  }

  const within = <T>(call: EngineCall | undefined, act: (call: EngineCall) => Promise<T>) =>
    led((term) => act({ ...call, term }));

  return {
    engine: (engine: HelmEngine): HelmEngine => ({
      ...engine,
      install: (request, call) => within(call, (own) => engine.install(request, own)),
      upgrade: (request, call) => within(call, (own) => engine.upgrade(request, own)),
      rewriteRelease: (request, call) => within(call, (own) => engine.rewriteRelease(request, own)),
      uninstall: (request, call) => within(call, (own) => engine.uninstall(request, own)),
      testRelease: (request, call) => within(call, (own) => engine.testRelease(request, own)),
      settle: (target, revision, description, call) =>
        within(call, (own) => engine.settle(target, revision, description, own)),
      removeFailedInstall: (target, timeoutMs, call) =>
        within(call, (own) => engine.removeFailedInstall(target, timeoutMs, own)),
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
          removePod: (...parts) => led(() => workloads.removePod(...parts)),
          scale: (...parts) => led(() => workloads.scale(...parts)),
        },
        rolloutMarks: { ...rolloutMarks, markDone: (...parts) => led(() => rolloutMarks.markDone(...parts)) },
      };
    },
  };
}
