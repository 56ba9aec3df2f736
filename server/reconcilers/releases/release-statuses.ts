import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
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
import { taskKey } from '../../domain/tasks/task.ts';
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
  /** The answer about a release; null when there is none. */
  describe: (key: ReleaseKey) => Promise<ReleaseInfo | null>;
  clock: Clock;
  random: () => number;
  onError: (key: ReleaseKey, error: unknown) => void;
};

/** What is known of a release: its status, and what its ReleaseConfig says (null while nothing is installed). */
export type FollowedRelease = { status: ReleaseStatus; config: JsonObject | null };

/**
 * Told of every release whose status or config is another one than before; one that is gone has the phase `deleted`
 * once, and no config.
 */
export type StatusListener = (after: FollowedRelease, before: FollowedRelease | undefined) => void;

/** Every release in a few words, followed live. */
export type ReleaseStatuses = {
  get(key: ReleaseKey): FollowedRelease | undefined;
  /** In no particular order. */
  all(): IterableIterator<FollowedRelease>;
  subscribe(listener: StatusListener): () => void;
  /** Follows records, objects and tasks until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves as soon as nothing is left to be looked at. */
  drain(): Promise<void>;
  /** Releases that are to be looked at. */
  depth(): number;
};

/** Answers are computed without waiting for anything: more at once would not be faster. */
const CONCURRENCY = 4;
/** What is not ready may come to say something else by the passing of time, or by an event of the cluster. */
const LOOK_AGAIN_MS = 15_000;
/**
 * Looking at a release takes time in proportion to its objects, and each of them may change: one with so many objects is
 * looked at again because of them after so many milliseconds for each, so that it never takes more than a small part of
 * the time. What is asked for is described at once, whatever stands here.
 */
const MANY_OBJECTS = 100;
const PAUSE_MS_PER_OBJECT = 1;

/**
 * Computes a release's status again whenever its record, one of its objects or one of its tasks changes, and tells
 * who listens when it says something else. What comes in between is coalesced.
 */
export function createReleaseStatuses(deps: ReleaseStatusesDeps): ReleaseStatuses {
  const { cache, live, tasks, clock } = deps;
  const followed = new Map<ReleaseKey, FollowedRelease>();
  const objects = createReleaseObjects();
  const listeners = new Set<StatusListener>();
  const reconciler = createReconciler({ ...deps, reconcile, concurrency: CONCURRENCY });
  /** Until when large releases are not looked at because of their objects. */
  const pausing = new Map<ReleaseKey, number>();
  let sequence = 0;

  /** The sequence grows with every change and, by the clock, across restarts and changes of the leader. */
  function change(): { sequence: number; time: string } {
    sequence = Math.max(sequence + 1, clock.now());
    return { sequence, time: timestamp(clock) };
  }

  function follow(info: ReleaseInfo, before: FollowedRelease | undefined): FollowedRelease {
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
    return after.status.ready ? undefined : { requeueAfterMs: LOOK_AGAIN_MS };
  }

  /** For what is rare: the release itself has changed, or what is done with it. */
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
        tasks.subscribe((task) => lookNow(taskKey(task))),
      ];
      for (const record of await cache.list()) {
        objects.put(record.key, believedObjects(record));
        reconciler.enqueue(record.key);
      }
      tasks.all().forEach(({ task }) => reconciler.enqueue(taskKey(task)));
      await reconciler.run(signal);
      stop.forEach((unsubscribe) => unsubscribe());
    },
  };
}
