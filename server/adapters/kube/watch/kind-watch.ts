import { sleep } from '../../../ports/runtime/clock.ts';
import type { WatchState } from '../../../ports/cluster/watch-state.ts';
import { type DiscoveredResource, discoverResource } from '../client/discover-resource.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import type { WatchedObjects } from '../client/list-everything.ts';
import { createObjectWatch, type ObjectWatchDeps } from './object-watch.ts';
import { resourcePath } from '../client/resource-path.ts';
import { createScopedWatch, type ScopedHandlers, type WatchScope } from './scoped-watch.ts';

/** The label of every object that Helm creates from a manifest. */
export const HELM_MANAGED = 'app.kubernetes.io/managed-by=Helm';

const RECHECK_MS = 10_000;

/** A signal that is aborted when the caller's is, or by `stop`. */
function stoppable(caller: AbortSignal): { signal: AbortSignal; stop: () => void } {
  const own = new AbortController();
  return { signal: AbortSignal.any([caller, own.signal]), stop: () => own.abort() };
}

/** Watches the Helm-managed objects of a kind that the cluster may not serve yet, or not any more. */
export type KindWatch = {
  /** Runs until the signal is aborted; never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Checks at once whether the cluster serves the kind now. */
  rediscover(): void;
  /** Null while the cluster does not serve the kind: then there is nothing to watch. */
  state(): WatchState | null;
};

/**
 * Watches the kind in whichever version of its group is served, in the namespaces of `scope`; while none is served,
 * there are no objects.
 */
export function createKindWatch(
  deps: ObjectWatchDeps,
  scope: WatchScope,
  { apiVersion, kind, reducing }: Pick<WatchedObjects, 'apiVersion' | 'kind' | 'reducing'>,
  handlers: ScopedHandlers,
): KindWatch {
  let wake = () => {};
  let state: () => WatchState | null = () => null;

  async function pause(signal: AbortSignal): Promise<void> {
    const waiting = stoppable(signal);
    wake = waiting.stop;
    await sleep(deps.clock, RECHECK_MS, waiting.signal).catch(() => undefined);
    wake = () => {};
  }

  /** Watches until the API server says that it does not serve this resource. */
  async function watchWhileServed(found: DiscoveredResource, signal: AbortSignal): Promise<void> {
    const serving = stoppable(signal);
    const objects = { apiVersion, kind, labelSelector: HELM_MANAGED, ...(reducing && { reducing }) };
    const untilGone: ScopedHandlers = {
      ...handlers,
      onError(error) {
        handlers.onError?.(error);
        if (hasStatus(error, 404)) {
          serving.stop();
        }
      },
    };
    const watch = found.namespaced
      ? createScopedWatch(deps, scope, { ...objects, type: found }, untilGone)
      : createObjectWatch(
          deps,
          { ...objects, path: resourcePath(found) },
          { ...untilGone, onReplace: (all) => untilGone.onReplace(all, undefined) },
        );
    state = watch.state;
    await watch.run(serving.signal);
    state = () => null;
  }

  return {
    rediscover: () => wake(),
    state: () => state(),
    async run(signal) {
      while (!signal.aborted) {
        try {
          const found = await discoverResource(deps.kube, apiVersion, kind, { signal });
          if (found === undefined) {
            handlers.onReplace([], undefined);
          } else {
            await watchWhileServed(found, signal);
          }
        } catch (error) {
          if (!signal.aborted) {
            handlers.onError?.(error);
          }
        }
        await pause(signal);
      }
    },
  };
}
