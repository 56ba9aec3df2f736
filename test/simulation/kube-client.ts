import type { KubeApi, KubeList, WatchEvent } from '../../server/adapters/kube/client/kube-api.ts';
import type { KubeObject } from '../../server/domain/kube/kube-object.ts';
import { createSelector, parseApiPath } from './api-naming.ts';
import type { Change } from './api-server.ts';
import { leaseHolder } from './world/lease.ts';
import { type Link, type RequestCall, unreachable } from './world/network.ts';
import type { SimulatedProcess } from './world/simulated-process.ts';
import type { SimulatedWorld } from './world/simulated-world.ts';

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';
/** How long before the end of a watch the API server sends a last bookmark. */
const BOOKMARK_MS = 2_000;

/** The process that uses the client. */
export interface KubeUser {
  process: SimulatedProcess;
  /** The replica's name in the election. */
  replica: string;
  /** Called with actions that no replica should take. */
  onDefect: (text: string) => void;
}

/** The API of the simulated cluster, reached from one process of a machine. */
export function createSimulatedKube(
  { api, time, random }: Pick<SimulatedWorld, 'api' | 'time' | 'random'>,
  link: Link,
  { process, replica, onDefect }: KubeUser,
): KubeApi {
  const send: Link['request'] = (from, about, call, act) => link.request(from, about, call, act);

  /** Outside of Walm's namespace only the leader may change or delete objects, whatever their version. */
  function demandLead(about: string): void {
    if (about.includes('/namespaces/walm-system/') || leaseHolder(api) === replica) return;
    onDefect(`${replica} sends ${about}, and does not lead`);
  }

  function change<T>(about: string, call: RequestCall, act: () => T): Promise<T> {
    demandLead(about);
    return send(process, about, call, act);
  }

  return {
    get: (path, call = {}) => send(process, `GET ${path}`, call, () => api.get(path)),
    list: (path, { metadataOnly, labelSelector = '', fieldSelector = '' } = {}, call = {}) =>
      send(process, `LIST ${path}`, call, () => {
        const list = api.list(path, { labelSelector, fieldSelector });
        return metadataOnly === true ? { ...list, items: list.items.map(metadataOf) } : list;
      }),
    create: (path, object, call = {}) => send(process, `POST ${path}`, call, () => api.create(path, object)),
    replace: (path, object, call = {}) => send(process, `PUT ${path}`, call, () => api.replace(path, object)),
    patch: (path, patch, _type, call = {}) =>
      change(`PATCH ${path}`, { ...call, unguarded: true }, () => api.patch(path, patch)),
    apply: (path, object, _options, call = {}) => send(process, `APPLY ${path}`, call, () => api.apply(path, object)),
    remove(path, options, call = {}) {
      const about = `DELETE ${path}`;
      const act = () => api.remove(path, options);
      const { uid, resourceVersion } = options?.preconditions ?? {};
      // An object that has changed since it was read is not removed, so any replica may try.
      if (resourceVersion !== undefined) return send(process, about, call, act);
      return change(about, call, () => {
        if (uid === undefined) demandLead(`${about} late`);
        return act();
      });
    },
    text: (path, _query, call = {}) =>
      send(process, `GET ${path}`, call, () => {
        api.get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/releaseconfigs.apiextensions.transwarp.io');
        return '"releaseconfigs"';
      }),
    async watch(path, query, { onEvent, onActivity }, call = {}) {
      const { resourceVersion = '', sendInitialEvents = false, timeoutSeconds, metadataOnly = false } = query;
      const selected = createSelector(query);
      const { collection, namespace } = parseApiPath(path);
      const shown = (object: KubeObject) => (metadataOnly ? metadataOf(object) : object);
      const ended = Promise.withResolvers<void>();
      // The watch may end before the answer to its opening has arrived.
      ended.promise.catch(() => undefined);
      const closing: (() => void)[] = [];
      let isOpen = true;
      let lastAt = 0;
      const openedAt = link.silences();

      function close(tell: () => void): void {
        if (!isOpen) return;
        isOpen = false;
        closing.forEach((stop) => stop());
        tell();
      }

      /** Events arrive late, each by a different time, and never overtake each other on one watch. */
      function stream(run: () => void): void {
        if (link.silences() !== openedAt) return;
        lastAt = Math.max(lastAt, time.now() + lag());
        time.after(lastAt - time.now(), () => process.wake(run));
      }
      const lag = () => (random.next() < 0.05 ? random.between(200, 3_000) : random.between(1, 20));

      function tell(event: WatchEvent): void {
        stream(() => {
          if (!isOpen) return;
          onActivity?.();
          try {
            onEvent(event);
          } catch (error) {
            close(() => ended.reject(error));
          }
        });
      }

      function tellChange({ path: at, before, after, version }: Change): void {
        if (at.collection !== collection || (namespace !== '' && at.namespace !== namespace)) return;
        const was = before !== null && selected(before);
        if (after !== null && selected(after)) tell({ type: was ? 'MODIFIED' : 'ADDED', object: shown(after) });
        else if (was) {
          const metadata = { ...before.metadata, resourceVersion: String(version) };
          tell({ type: 'DELETED', object: shown({ ...before, metadata }) });
        }
      }

      const bookmark = (annotations?: Record<string, string>): WatchEvent => ({
        type: 'BOOKMARK',
        object: {
          apiVersion: '',
          kind: '',
          metadata: { name: '', resourceVersion: String(api.version()), ...(annotations && { annotations }) },
        },
      });

      const abort = () => close(() => ended.reject(call.signal?.reason));
      call.signal?.addEventListener('abort', abort, { once: true });
      closing.push(() => call.signal?.removeEventListener('abort', abort));
      closing.push(link.onCut(() => process.wake(() => close(() => ended.reject(unreachable('Unreachable', 'cut'))))));
      const { timeoutMs } = call;
      const { signal } = call;
      await send(
        process,
        `WATCH ${path} ${resourceVersion}`,
        { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) },
        () => {
          if (!isOpen) return;
          const missed = sendInitialEvents ? [] : api.since(Number(resourceVersion));
          if (sendInitialEvents) {
            const all: KubeList = api.list(path, query);
            all.items.forEach((object) => tell({ type: 'ADDED', object: shown(object) }));
            tell(bookmark({ [INITIAL_EVENTS_END]: 'true' }));
          }
          missed.forEach(tellChange);
          closing.push(api.onChange(tellChange));
          if (timeoutSeconds !== undefined) {
            closing.push(time.after(timeoutSeconds * 1_000 - BOOKMARK_MS, () => tell(bookmark())));
            closing.push(time.after(timeoutSeconds * 1_000, () => stream(() => close(() => ended.resolve()))));
          }
        },
      ).catch((error: unknown) => close(() => ended.reject(error)));
      onActivity?.();
      await ended.promise;
    },
    open: () => Promise.reject(new Error('the simulated cluster has no logs')),
    renewConnections: () => undefined,
    close: () => undefined,
  };
}

function metadataOf({ metadata }: KubeObject): KubeObject {
  return { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata };
}
