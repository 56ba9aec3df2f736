import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { WatchState } from '../../../ports/cluster/watch-state.ts';
import type { WatchedObjects } from '../client/list-everything.ts';
import { createObjectWatch, type ObjectWatch, type ObjectWatchDeps, type ObjectWatchHandlers } from './object-watch.ts';
import { resourcePath, type ResourceType } from '../client/resource-path.ts';

/** The namespaces that Walm watches; empty: all (decision 45: watchNamespaces). */
export type WatchScope = readonly string[];

/** The handlers of one watch; `onReplace` gets everything of `namespace`, or of all if that is undefined. */
export type ScopedHandlers = Omit<ObjectWatchHandlers, 'onReplace'> & {
  onReplace(all: KubeObject[], namespace: string | undefined): void;
};

/** A namespaced resource and which of its objects to watch. */
export type ScopedObjects = Omit<WatchedObjects, 'path'> & { type: ResourceType; relistMs?: number };

/**
 * Watches a namespaced resource in the watched namespaces: by one watch of the whole cluster, or by one per namespace,
 * which needs rights in these only. Nothing is sent before `run`.
 */
export function createScopedWatch(
  deps: ObjectWatchDeps,
  scope: WatchScope,
  { type, ...objects }: ScopedObjects,
  handlers: ScopedHandlers,
): ObjectWatch {
  const watchIn = (namespace: string | undefined): ObjectWatch =>
    createObjectWatch(
      deps,
      { ...objects, path: resourcePath(type, namespace) },
      { ...handlers, onReplace: (all) => handlers.onReplace(all, namespace) },
    );
  const parts = scope.length === 0 ? [watchIn(undefined)] : scope.map(watchIn);
  return {
    synced: Promise.all(parts.map(({ synced }) => synced)).then(() => undefined),
    state: () => worstOf(parts.map(({ state }) => state())),
    async run(signal) {
      await Promise.all(parts.map((part) => part.run(signal)));
    },
  };
}

/** The view is as old as the watch that was silent longest. */
function worstOf(states: readonly WatchState[]): WatchState {
  const [first, ...others] = states;
  if (first === undefined) {
    throw new Error('a watch without parts');
  }
  return others.reduce(
    (worst, { kind, heardAt, problem }) => ({
      kind,
      heardAt: Math.min(worst.heardAt, heardAt),
      problem: worst.problem ?? problem,
    }),
    first,
  );
}
