import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { backoffMs } from '../../../../contract/backoff.ts';
import { type Clock, sleep } from '../../../ports/runtime/clock.ts';
import type { WatchState } from '../../../ports/cluster/watch-state.ts';
import type { KubeReader, WatchEvent } from '../client/kube-api.ts';
import { hasStatus, KubeApiError } from '../client/kube-api-error.ts';
import { listEverything, type WatchedObjects } from '../client/list-everything.ts';
import { watchSilence } from './watch-silence.ts';

/** What a watch needs from outside; `random` returns numbers in [0, 1). */
export type ObjectWatchDeps = { kube: KubeReader; clock: Clock; random: () => number };

/**
 * Called in order, never concurrently, and never after the run has ended. They must not throw. `onReplace` gets all
 * existing objects: at the start, when the API server no longer has the events since, and after `relistMs`; they
 * replace everything reported before. `onError` is called for each failed attempt.
 */
export type ObjectWatchHandlers = {
  onReplace(all: KubeObject[]): void;
  onEvent(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void;
  onError?(error: unknown): void;
};

/** Watches one resource of the cluster until stopped, through disconnects, restarts and expired resource versions. */
export type ObjectWatch = {
  /** Runs until the signal is aborted; never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves at the first `onReplace`. */
  synced: Promise<void>;
  state(): WatchState;
};

/**
 * Each watch asks the API server to end it after this time and is then resumed: the API server sends a bookmark 2 s
 * before, so a connection that stays silent for longer is known to be dead.
 */
const WATCH_SECONDS = 16;
const SILENCE_MS = (WATCH_SECONDS + 2) * 1000;
const ANSWER_MS = 8_000;
const RETRY = { initialMs: 250, maxMs: 8_000 };
const TOO_SHORT_MS = 1_000;

/** Watches `objects`; see `ObjectWatchHandlers`. Nothing is sent before `run`. */
export function createObjectWatch(
  deps: ObjectWatchDeps,
  objects: WatchedObjects & { relistMs?: number },
  handlers: ObjectWatchHandlers,
): ObjectWatch {
  const { kube, clock, random } = deps;
  const { apiVersion, kind, path, relistMs = Number.POSITIVE_INFINITY, reducing: _, ...query } = objects;
  const first = Promise.withResolvers<void>();
  let resourceVersion = '';
  let listedAt = 0;
  let heardAt = 0;
  let problem: string | null = null;

  /** Guards one connection against silence, and records each chunk that arrives on it. */
  function listen(signal: AbortSignal) {
    const silence = watchSilence(clock, SILENCE_MS, signal, () => kube.renewConnections());
    const onActivity = () => {
      silence.onActivity();
      heardAt = clock.now();
      problem = null;
    };
    return { ...silence, onActivity };
  }

  function onEvent(event: WatchEvent): void {
    if (event.type !== 'BOOKMARK') {
      handlers.onEvent(event.type, { ...event.object, apiVersion, kind });
    }
    resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
  }

  async function relist(signal: AbortSignal): Promise<void> {
    const silence = listen(signal);
    try {
      const all = await listEverything(kube, objects, silence.onActivity, {
        signal: silence.signal,
        timeoutMs: SILENCE_MS,
      });
      handlers.onReplace(all.items);
      resourceVersion = all.resourceVersion;
      listedAt = clock.now();
      silence.onActivity();
      first.resolve();
    } finally {
      silence.end();
    }
  }

  async function follow(signal: AbortSignal): Promise<void> {
    const silence = listen(signal);
    try {
      await kube.watch(
        path,
        { ...query, resourceVersion, timeoutSeconds: WATCH_SECONDS },
        { onEvent, onActivity: silence.onActivity },
        { signal: silence.signal, timeoutMs: ANSWER_MS },
      );
      // Kinds that the API server does not cache (Event) get no bookmarks: an orderly end counts as activity.
      silence.onActivity();
    } finally {
      silence.end();
    }
  }

  /** One list or one watch; true if the next attempt need not wait. */
  async function attempt(signal: AbortSignal): Promise<boolean> {
    if (resourceVersion === '' || clock.now() - listedAt >= relistMs) {
      await relist(signal);
      return true;
    }
    const startedAt = clock.now();
    await follow(signal);
    return clock.now() - startedAt >= TOO_SHORT_MS;
  }

  function onFailure(error: unknown): void {
    handlers.onError?.(error);
    problem = error instanceof Error ? error.message : String(error);
    if (hasStatus(error, 410) || (error instanceof KubeApiError && error.reason === 'Expired')) {
      resourceVersion = '';
    }
    if (hasStatus(error, 404)) {
      // The cluster does not serve this kind (yet, or any more): then it has no objects.
      resourceVersion = '';
      heardAt = clock.now();
      problem = null;
      handlers.onReplace([]);
      first.resolve();
    }
  }

  return {
    synced: first.promise,
    state: () => ({ kind, heardAt, problem }),
    async run(signal) {
      let failures = 0;
      while (!signal.aborted) {
        let wait = true;
        try {
          wait = !(await attempt(signal));
          failures = wait ? failures + 1 : 0;
        } catch (error) {
          if (signal.aborted) {
            return;
          }
          onFailure(error);
          failures += 1;
        }
        if (wait) {
          await sleep(clock, backoffMs(failures, RETRY, random), signal).catch(() => undefined);
        }
      }
    },
  };
}
