import type { ClusterView } from '../../domain/kube/cluster-view.ts';
import type { ObjectRef } from '../../domain/kube/kube-object.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import { believedObjects, believedView } from '../../domain/kube/believed-objects.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { isReturn, watchedFor } from '../../domain/rollout/rollout-plan.ts';
import { stuckPods } from '../../domain/rollout/stuck-pods.ts';
import { isRolledOut, judgeRollout, type RolloutState } from '../../domain/rollout/rollout-state.ts';
import { type Clock, whenAborted } from '../../ports/runtime/clock.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { Workloads } from '../../ports/cluster/workloads.ts';
import type { RolloutMarks } from '../../ports/storage/rollout-marks.ts';
import type { Denials } from '../../services/automation/denials.ts';
import type { Judgement } from '../../services/automation/judge-automation.ts';
import type { HandleFailedRollout } from '../../services/releases/accept/handle-failed-rollout.ts';
import { createReconciler, type ReconcileResult } from '../loop/reconciler.ts';

export type RolloutWatchDeps = {
  /** Resolves once the objects and the releases of the cluster are known: before that no rollout can be judged. */
  complete: Promise<unknown>;
  cache: Pick<ReleaseCache, 'get' | 'list' | 'subscribe'>;
  live: ClusterView;
  marks: RolloutMarks;
  workloads: Pick<Workloads, 'read' | 'removePod'>;
  /** When the rollout of the record's revision started, in milliseconds since the epoch. */
  rolloutBegan: (record: ReleaseRecord, signal: AbortSignal) => Promise<number>;
  leadership: Pick<Leadership, 'isLeader'>;
  /** Carries out the reaction that the release requests; calling it twice for a revision has one effect. */
  handleFailedRollout: HandleFailedRollout;
  /** Whether Walm may change a revision automatically, and with whose identity. */
  judge: (record: ReleaseRecord) => Promise<Judgement>;
  denials: Pick<Denials, 'set'>;
  clock: Clock;
  random: () => number;
  /** How long a new pod may fail, in milliseconds. */
  deadlineMs: number;
  onError: (key: ReleaseKey, error: unknown) => void;
};

/** Watches rollouts whose failure has a reaction (`onFailure`). */
export type RolloutWatch = {
  /** Watches until the signal is aborted, while this replica leads. */
  run(signal: AbortSignal): Promise<void>;
  drain(): Promise<void>;
};

const RECHECK_MS = 2_000;
const CONCURRENCY = 4;
const ASK_AGAIN_MS = 3 * 60_000;
/** How often it is looked whether a reaction was given up; most are over before. */
const IS_OVER_MS = 30_000;

/**
 * Checks every rollout with a reaction until it has completed once or failed (decision 35: what happens to a failed
 * rollout). Its state is in the cluster, so a restart or another leader continues.
 */
export function createRolloutWatch(deps: RolloutWatchDeps): RolloutWatch {
  const { cache, live, marks, leadership, clock, deadlineMs } = deps;
  /** Read once for each revision, which `updated` identifies, because it does not change. */
  const starts = new Map<ReleaseKey, { updated: string; atMs: number }>();
  const reconciler = createReconciler({
    reconcile,
    clock,
    random: deps.random,
    concurrency: CONCURRENCY,
    onError: deps.onError,
  });

  async function reconcile(key: ReleaseKey, signal: AbortSignal): Promise<ReconcileResult> {
    const record = await cache.get(key);
    if (record === undefined || !isWatched(record) || marks.isDone(key, record.revision)) {
      starts.delete(key);
      deps.denials.set(key, 'onFailure', null);
      return undefined;
    }
    if (!leadership.isLeader()) {
      return { requeueAfterMs: RECHECK_MS };
    }
    if (isReturn(record)) {
      await removeStuckPods(record);
    }
    const state = await judge(record, await beganAt(record, signal), signal);
    switch (state.is) {
      case 'going':
        return { requeueAfterMs: RECHECK_MS };
      case 'failed':
        if (isReturn(record)) {
          return undefined;
        }
        return answer(record, state.reason, signal);
      case 'done':
        await marks.markDone(key, record.revision);
        starts.delete(key);
        return undefined;
      default:
        return state satisfies never;
    }
  }

  /**
   * A view that is behind shows workloads whose earlier revision was rolled out, or failed, beside the newest record: before
   * a rollout counts as over, they are read from the API server.
   */
  async function judge(record: ReleaseRecord, sinceMs: number, signal: AbortSignal): Promise<RolloutState> {
    const objects = believedObjects(record);
    const view = believedView(record, live);
    const rollout = { objects, sinceMs, nowMs: clock.now(), deadlineMs };
    const seen = judgeRollout(view, rollout);
    if (seen.is === 'going') {
      return seen;
    }
    const fresh = await Promise.all(
      objects.filter(isRolledOut).map(async (ref) => [idOf(ref), await deps.workloads.read(ref, signal)] as const),
    );
    const byId = new Map(fresh);
    return judgeRollout({ ...view, get: (ref) => (isRolledOut(ref) ? byId.get(idOf(ref)) : view.get(ref)) }, rollout);
  }

  /**
   * A denied reaction is retried rarely, because nothing notifies of granted rights; one that was submitted is looked
   * after until its release has another revision.
   */
  async function answer(record: ReleaseRecord, reason: string, signal: AbortSignal): Promise<ReconcileResult> {
    const answered = await deps.handleFailedRollout(record, reason, signal);
    deps.denials.set(record.key, 'onFailure', answered.is === 'denied' ? answered.denial : null);
    switch (answered.is) {
      case 'submitted':
        return { requeueAfterMs: IS_OVER_MS };
      case 'denied':
        return { requeueAfterMs: ASK_AGAIN_MS };
      case 'nothing':
        return undefined;
      default:
        return answered satisfies never;
    }
  }

  async function removeStuckPods(record: ReleaseRecord): Promise<void> {
    const stuck = stuckPods(believedView(record, live), record.objects);
    const judgement = stuck.length === 0 ? null : await deps.judge(record);
    if (judgement?.may === true) {
      await Promise.all(stuck.map((pod) => deps.workloads.removePod(pod, judgement.as)));
    }
  }

  async function beganAt(record: ReleaseRecord, signal: AbortSignal): Promise<number> {
    const { key, updated } = record;
    const known = starts.get(key);
    if (known?.updated === updated) {
      return known.atMs;
    }
    const atMs = await deps.rolloutBegan(record, signal);
    starts.set(key, { updated, atMs });
    return atMs;
  }

  return {
    drain: () => reconciler.drain(),
    async run(signal) {
      await Promise.race([deps.complete, whenAborted(signal)]);
      const unsubscribe = cache.subscribe((key, record) => {
        if (record !== null && isWatched(record)) {
          reconciler.enqueue(key);
        }
      });
      const known = await cache.list();
      known.filter((record) => isWatched(record)).forEach(({ key }) => reconciler.enqueue(key));
      await reconciler.run(signal);
      unsubscribe();
    },
  };
}

function idOf({ kind, name }: ObjectRef): string {
  return `${kind}/${name}`;
}

function isWatched(record: ReleaseRecord): boolean {
  return watchedFor(record) !== undefined || isReturn(record);
}
