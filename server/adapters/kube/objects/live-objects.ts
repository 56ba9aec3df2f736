import { groupKind, type KubeObject, parseApiVersion } from '../../../domain/kube/kube-object.ts';
import { createKeptContent } from '../../../domain/indexes/kept-content.ts';
import { RELEASE_CONFIG } from '../../../domain/release/release-config.ts';
import { leanObject } from '../../../domain/kube/lean-object.ts';
import { createObjectIndex } from '../../../domain/indexes/object-index.ts';
import type { LiveChange, LiveObjects } from '../../../ports/cluster/live-objects.ts';
import type { WatchState } from '../../../ports/cluster/watch-state.ts';
import { createKindWatch, HELM_MANAGED, type KindWatch } from '../watch/kind-watch.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import type { ObjectWatchDeps } from '../watch/object-watch.ts';
import { createScopedWatch, type ScopedHandlers, type WatchScope } from '../watch/scoped-watch.ts';

type WatchedKind = { apiVersion: string; kind: string; plural: string; labelSelector?: string; metadataOnly?: boolean };

/** Kinds that releases consist of and kinds that those create; objects not managed by Helm may own their pods. */
const ALWAYS: readonly WatchedKind[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', plural: 'statefulsets' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet', plural: 'daemonsets' },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', plural: 'replicasets' },
  { apiVersion: 'batch/v1', kind: 'Job', plural: 'jobs' },
  { apiVersion: 'batch/v1', kind: 'CronJob', plural: 'cronjobs' },
  { apiVersion: 'v1', kind: 'Pod', plural: 'pods' },
  { apiVersion: 'v1', kind: 'Service', plural: 'services' },
  { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', plural: 'endpointslices' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', plural: 'ingresses' },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', plural: 'persistentvolumeclaims' },
  { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', labelSelector: HELM_MANAGED },
  { apiVersion: 'v1', kind: 'Secret', plural: 'secrets', labelSelector: HELM_MANAGED },
  {
    ...RELEASE_CONFIG,
    plural: 'releaseconfigs',
    metadataOnly: true,
  },
];
const ALWAYS_KINDS = new Set(ALWAYS.map(({ apiVersion, kind }) => groupKind(apiVersion, kind)));

/**
 * `scope` is the list of namespaces to watch; `onError` is called for each failed attempt of a watch, which is retried
 * automatically.
 */
export type LiveObjectsDeps = ObjectWatchDeps & {
  scope: WatchScope;
  onError?: (kind: string, error: unknown) => void;
};

/** The live view, and the watches that update it. */
export type KubeLiveObjects = LiveObjects & {
  /** Watches until the signal is aborted; never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Looks at once for wanted kinds that the cluster did not serve; call it after CRDs were added or removed. */
  rediscover(): void;
  /** The state of the watch of each kind, including wanted kinds that the cluster serves. */
  watches(): WatchState[];
};

/** A kind besides those that are always watched, with its number of users in `wanted`. */
type ExtraKind = { wanted: number; stop: AbortController; watch: KindWatch };

/** What is held of each object while a list of them is read. */
function keptObjects(): (object: KubeObject) => KubeObject {
  const content = createKeptContent();
  return (object) => content.takeIn(leanObject(object));
}

/** The live view of a cluster. Nothing is sent before `run`. */
export function createLiveObjects(deps: LiveObjectsDeps): KubeLiveObjects {
  const { scope } = deps;
  const index = createObjectIndex(scope);
  const listeners = new Set<(changes: readonly LiveChange[]) => void>();
  const extras = new Map<string, ExtraKind>();
  const stopped = new AbortController();

  function tell(changes: readonly LiveChange[]): void {
    if (changes.length > 0) {
      listeners.forEach((listener) => listener(changes));
    }
  }

  function handlersFor(apiVersion: string, kind: string): ScopedHandlers {
    return {
      onReplace(lean, namespace) {
        const gone = index.replaceKind(apiVersion, kind, lean, namespace);
        tell([
          ...gone.map((object) => ({ object, removed: true })),
          ...lean.map((object) => ({ object, removed: false })),
        ]);
      },
      onEvent(type, object) {
        const lean = leanObject(object);
        if (type === 'DELETED') {
          index.remove(lean);
        } else {
          index.put(lean);
        }
        tell([{ object: lean, removed: type === 'DELETED' }]);
      },
      onError(error) {
        if (hasStatus(error, 403)) {
          index.hideKind(apiVersion, kind);
        }
        deps.onError?.(kind, error);
      },
    };
  }

  function tellAbout(uid: string): void {
    const object = index.byUid(uid);
    tell(object === undefined ? [] : [{ object, removed: false }]);
  }

  const warningHandlers: ScopedHandlers = {
    onReplace: (all, namespace) => index.warnings.replace(all, namespace),
    onEvent: (type, event) => tellAbout(index.warnings[type === 'DELETED' ? 'remove' : 'put'](event)),
    onError: (error) => deps.onError?.('Event', error),
  };

  const watches = ALWAYS.map(({ plural, ...kind }) =>
    createScopedWatch(
      deps,
      scope,
      { ...kind, type: { ...parseApiVersion(kind.apiVersion), plural }, reducing: keptObjects },
      handlersFor(kind.apiVersion, kind.kind),
    ),
  );
  const warnings = createScopedWatch(
    deps,
    scope,
    {
      apiVersion: 'v1',
      kind: 'Event',
      type: { group: '', version: 'v1', plural: 'events' },
      fieldSelector: 'type=Warning',
    },
    warningHandlers,
  );

  function startExtra(apiVersion: string, kind: string): ExtraKind {
    const objects = { apiVersion, kind, reducing: keptObjects };
    const watch = createKindWatch(deps, scope, objects, handlersFor(apiVersion, kind));
    const stop = new AbortController();
    void watch.run(AbortSignal.any([stop.signal, stopped.signal]));
    return { wanted: 0, stop, watch };
  }

  return {
    ...index,
    synced: Promise.all(watches.map((watch) => watch.synced)).then(() => undefined),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ensureKind(apiVersion, kind) {
      const name = groupKind(apiVersion, kind);
      if (ALWAYS_KINDS.has(name)) {
        return () => {};
      }
      const extra = extras.get(name) ?? startExtra(apiVersion, kind);
      extras.set(name, extra);
      extra.wanted += 1;
      let released = false;
      return () => {
        extra.wanted -= released ? 0 : 1;
        released = true;
        if (extra.wanted === 0 && extras.get(name) === extra) {
          extra.stop.abort();
          extras.delete(name);
          index.forgetKind(apiVersion, kind);
        }
      };
    },
    watches: () => [
      ...[...watches, warnings].map((watch) => watch.state()),
      ...[...extras.values()].flatMap(({ watch }) => watch.state() ?? []),
    ],
    rediscover: () => extras.forEach(({ watch }) => watch.rediscover()),
    async run(signal) {
      signal.addEventListener('abort', () => stopped.abort(), { once: true });
      await Promise.all([...watches, warnings].map((watch) => watch.run(signal)));
    },
  };
}
