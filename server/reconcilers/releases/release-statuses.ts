import type { DescribedRelease } from '../../domain/answers/release-info.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { believedObjects } from '../../domain/kube/believed-objects.ts';
import { createReleaseObjects } from '../../domain/indexes/release-objects.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import {
  isSameStatus,
  releaseConfigData,
  type ReleaseStatus,
  toReleaseStatus,
  deletedStatus,
} from '../../domain/answers/release-status.ts';
import { isSameJson } from '../../domain/json/sorted-json.ts';
import { type Task, taskKey } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { timestamp } from '../../ports/runtime/clock.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import { createReconciler, type ReconcileResult } from '../loop/reconciler.ts';

export type ReleaseStatusesDeps = {
  cache: Pick<ReleaseCache, 'get' | 'list' | 'subscribe'>;
  live: LiveObjects;
  tasks: Pick<TaskStore, 'all' | 'subscribe'>;
  /** The answer about a release; null if it does not exist. */
  describe: (key: ReleaseKey) => Promise<DescribedRelease | null>;
  clock: Clock;
  random: () => number;
  onError: (key: ReleaseKey, error: unknown) => void;
};

/** The state of a release: its status, and its ReleaseConfig (null while nothing is installed). */
export type FollowedRelease = { status: ReleaseStatus; config: JsonObject | null };

/**
 * Called for every release whose status or config has changed; a deleted release has the phase `deleted` once, and no
 * config.
 */
export type StatusListener = (after: FollowedRelease, before: FollowedRelease | undefined) => void;

/** A short status of every release, updated live. */
export type ReleaseStatuses = {
  get(key: ReleaseKey): FollowedRelease | undefined;
  /** In no particular order. */
  all(): IterableIterator<FollowedRelease>;
  /** The number of the latest change of any release; 0 before the first one. */
  latestSequence(): number;
  subscribe(listener: StatusListener): () => void;
  /** Watches records, objects and tasks until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves as soon as no release is left to be checked. */
  drain(): Promise<void>;
  /** Number of releases waiting to be checked. */
  depth(): number;
};

/** Statuses are computed without waiting for anything: more concurrency would not be faster. */
const CONCURRENCY = 4;
/** The status of an unready release may change by the passing of time, or by an event of the cluster. */
const RECHECK_MS = 15_000;
/**
 * The cost of computing a status grows with the objects of the release, and each of them may change. A release with at
 * least this many objects is therefore recomputed because of object changes only after so many milliseconds per object,
 * which bounds the share of time it takes. Requests always compute the present status.
 */
const MANY_OBJECTS = 100;
const PAUSE_MS_PER_OBJECT = 1;

/**
 * Recomputes a release's status whenever its record, one of its objects or one of its tasks changes, and notifies
 * listeners if it differs. Changes in between are coalesced.
 */
export function createReleaseStatuses(deps: ReleaseStatusesDeps): ReleaseStatuses {
  const { cache, live, tasks, clock, random, onError } = deps;
  const followed = new Map<ReleaseKey, FollowedRelease>();
  const objects = createReleaseObjects();
  const listeners = new Set<StatusListener>();
  const reconciler = createReconciler({ reconcile, concurrency: CONCURRENCY, clock, random, onError });
  /** Until when object changes of large releases are ignored. */
  const pausing = new Map<ReleaseKey, number>();
  let sequence = 0;

  /** The sequence grows with every change and, by the clock, across restarts and changes of the leader. */
  function change(): { sequence: number; time: string } {
    sequence = Math.max(sequence + 1, clock.now());
    return { sequence, time: timestamp(clock) };
  }

  function follow(info: DescribedRelease, before: FollowedRelease | undefined): FollowedRelease {
    const config = releaseConfigData(info);
    const status = toReleaseStatus(info, change());
    return {
      status: before !== undefined && isSameStatus(before.status, status) ? before.status : status,
      config: before !== undefined && isSameJson(before.config, config) ? before.config : config,
    };
  }

  async function reconcile(key: ReleaseKey): Promise<ReconcileResult> {
    const pauseMs = (pausing.get(key) ?? 0) - clock.now();
    if (pauseMs > 0) {
      return { requeueAfterMs: pauseMs };
    }
    const count = objects.countOf(key);
    if (count >= MANY_OBJECTS) {
      pausing.set(key, clock.now() + count * PAUSE_MS_PER_OBJECT);
    } else {
      pausing.delete(key);
    }
    const info = await deps.describe(key);
    const before = followed.get(key);
    if (info === null) {
      if (followed.delete(key)) {
        tell({ status: deletedStatus(key, change()), config: null }, before);
      }
      return undefined;
    }
    const after = follow(info, before);
    followed.set(key, after);
    if (after.status !== before?.status || after.config !== before.config) {
      tell(after, before);
    }
    return after.status.ready ? undefined : { requeueAfterMs: RECHECK_MS };
  }

  /** For rare changes: of the record or of a task of the release. */
  function lookNow(key: ReleaseKey): void {
    pausing.delete(key);
    reconciler.enqueue(key);
  }

  function tell(after: FollowedRelease, before: FollowedRelease | undefined): void {
    listeners.forEach((listener) => listener(after, before));
  }

  return {
    get: (key) => followed.get(key),
    all: () => followed.values(),
    latestSequence: () => sequence,
    drain: () => reconciler.drain(),
    depth: () => reconciler.depth(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async run(signal) {
      const stop = [
        cache.subscribe((key, record) => {
          objects.put(key, record === null ? [] : believedObjects(record));
          lookNow(key);
        }),
        live.subscribe((changes) => {
          for (const { object } of changes) {
            objects.releasesOf(object, live).forEach((key) => reconciler.enqueue(key));
          }
        }),
        tasks.subscribe((task) => isOfRelease(task) && lookNow(taskKey(task))),
      ];
      for (const record of await cache.list()) {
        objects.put(record.key, believedObjects(record));
        reconciler.enqueue(record.key);
      }
      for (const { task } of tasks.all()) {
        if (isOfRelease(task)) {
          reconciler.enqueue(taskKey(task));
        }
      }
      await reconciler.run(signal);
      stop.forEach((unsubscribe) => unsubscribe());
    },
  };
}

/** A project's task is none of a release: what it does to releases are tasks of these. */
function isOfRelease({ project }: Pick<Task, 'project'>): boolean {
  return project === undefined;
}
