import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { KubeReader, KubeCall } from './kube-api.ts';
import { hasStatus } from './kube-api-error.ts';

/** A set of objects of one kind: all of a path, or those that a selector matches. */
export type WatchedObjects = {
  apiVersion: string;
  kind: string;
  /** From `resourcePath`, without a name. */
  path: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** Without spec, status and data. */
  metadataOnly?: boolean;
  /** Begins a list: what is answered makes of each object what is held of it, before the next one is read. */
  reducing?: () => (object: KubeObject) => KubeObject;
};

const whole = () => (object: KubeObject) => object;

const PAGE = 500;
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** All existing objects, and the resourceVersion from which a watch misses nothing. */
export type Everything = { items: KubeObject[]; resourceVersion: string };

/** Thrown out of the stream to end it: later events are left to the watch. */
class AllSent extends Error {}

/**
 * Streams the objects as events: neither side ever holds the whole list as text. Kubernetes ≥ 1.32, else 400 or 422.
 */
async function stream(
  kube: KubeReader,
  { apiVersion, kind, path, reducing = whole, ...query }: WatchedObjects,
  onActivity: () => void,
  call: KubeCall,
): Promise<Everything> {
  const items = new Map<string, KubeObject>();
  const reduce = reducing();
  let resourceVersion = '';
  try {
    await kube.watch(
      path,
      { ...query, sendInitialEvents: true, resourceVersion: '' },
      {
        onActivity,
        onEvent({ type, object }) {
          const id = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
          if (type === 'BOOKMARK') {
            resourceVersion = object.metadata.resourceVersion ?? '';
            if (object.metadata.annotations?.[INITIAL_EVENTS_END] === 'true') {
              throw new AllSent();
            }
          } else if (type === 'DELETED') {
            items.delete(id);
          } else {
            items.set(id, reduce({ ...object, apiVersion, kind }));
          }
        },
      },
      call,
    );
  } catch (error) {
    if (error instanceof AllSent) {
      return { items: [...items.values()], resourceVersion };
    }
    throw error;
  }
  throw new Error(`the list of ${kind} objects ended before everything was sent`);
}

async function page(
  kube: KubeReader,
  { apiVersion, kind, path, reducing = whole, ...query }: WatchedObjects,
  onActivity: () => void,
  call: KubeCall,
): Promise<Everything> {
  const items: KubeObject[] = [];
  const reduce = reducing();
  let next = '';
  for (;;) {
    const list = await kube.list(path, { ...query, limit: PAGE, ...(next !== '' && { continue: next }) }, call);
    onActivity();
    items.push(...list.items.map((item) => reduce({ ...item, apiVersion, kind })));
    next = list.continue;
    if (next === '') {
      return { items, resourceVersion: list.resourceVersion };
    }
  }
}

/**
 * All objects, streamed if the API server supports that, else in pages. `onActivity` is called for each chunk that
 * arrives.
 */
export async function listEverything(
  kube: KubeReader,
  objects: WatchedObjects,
  onActivity: () => void,
  call: KubeCall,
): Promise<Everything> {
  try {
    return await stream(kube, objects, onActivity, call);
  } catch (error) {
    if (hasStatus(error, 400) || hasStatus(error, 422)) {
      return page(kube, objects, onActivity, call);
    }
    throw error;
  }
}
