import { KubeApiError } from '../../server/adapters/kube/client/kube-api-error.ts';
import type { KubeList, RemoveOptions } from '../../server/adapters/kube/client/kube-api.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../server/domain/json/json.ts';
import type { KubeMetadata, KubeObject } from '../../server/domain/kube/kube-object.ts';
import { type ApiPath, createSelector, KINDS, parseApiPath, type Selectors } from './api-naming.ts';
import type { VirtualTime } from './world/virtual-time.ts';

/** A change: the object before and after it. */
export interface Change {
  version: number;
  path: ApiPath;
  before: KubeObject | null;
  after: KubeObject | null;
}

/** An API server with its store: every verb is atomic. */
export interface ApiServer {
  get(path: string): KubeObject;
  list(path: string, selectors?: Selectors): KubeList;
  create(path: string, object: object): KubeObject;
  replace(path: string, object: object): KubeObject;
  /** A merge patch, also of `scale` and `status`. */
  patch(path: string, patch: JsonValue): KubeObject;
  /** Creates or replaces an object, whatever its version. */
  apply(path: string, object: object): KubeObject;
  remove(path: string, options?: RemoveOptions): KubeObject;
  /** The changes since a version, oldest first. Throws 410 if they have been compacted. */
  since(version: number): readonly Change[];
  version(): number;
  /** Compacts the history: watches from an earlier version have to list again. */
  compact(): void;
  /** Calls back with every change as it is made. */
  onChange(listener: (change: Change) => void): () => void;
  /** Refuses a write by throwing. */
  admission: (object: KubeObject) => void;
}

/** An API server without objects. */
export function createApiServer(time: Pick<VirtualTime, 'now'>): ApiServer {
  const collections = new Map<string, Map<string, KubeObject>>();
  const listeners = new Set<(change: Change) => void>();
  let changes: Change[] = [];
  let version = 1;
  let forgotten = 1;
  let uids = 0;

  const itemsOf = (collection: string): Map<string, KubeObject> => {
    const items = collections.get(collection) ?? new Map<string, KubeObject>();
    collections.set(collection, items);
    return items;
  };
  const keyOf = ({ namespace, name }: ApiPath) => `${namespace}/${name}`;
  const find = (path: ApiPath) => itemsOf(path.collection).get(keyOf(path));

  function existing(path: ApiPath): KubeObject {
    const found = find(path);
    if (found === undefined) throw refusal(404, 'NotFound', `${path.collection.slice(1)} "${path.name}" not found`);
    return found;
  }

  /** Stores or removes an object, and notifies listeners. */
  function write(path: ApiPath, after: KubeObject | null): KubeObject {
    const before = find(path) ?? null;
    version += 1;
    const written =
      after === null ? null : frozen({ ...after, metadata: { ...after.metadata, resourceVersion: String(version) } });
    if (written === null) itemsOf(path.collection).delete(keyOf(path));
    else itemsOf(path.collection).set(keyOf(path), written);
    const gone = before && { ...before, metadata: { ...before.metadata, resourceVersion: String(version) } };
    const change = { version, path, before: written === null ? gone : before, after: written };
    changes.push(change);
    listeners.forEach((listener) => listener(change));
    return written ?? gone ?? existing(path);
  }

  function made(path: ApiPath, given: KubeObject): KubeObject {
    uids += 1;
    const { apiVersion, kind, global } = KINDS[path.collection] ?? { apiVersion: '', kind: '' };
    const metadata: KubeMetadata = {
      ...given.metadata,
      ...(global !== true && { namespace: path.namespace }),
      uid: `uid-${uids}`,
      generation: 1,
      creationTimestamp: new Date(time.now()).toISOString().replace(/\.\d+/, ''),
    };
    return { ...given, apiVersion, kind, metadata };
  }

  /** The object with the fields that the API server maintains. */
  function changed(before: KubeObject, given: KubeObject): KubeObject {
    const { uid, creationTimestamp, generation = 1, namespace } = before.metadata;
    const isOther = JSON.stringify(before.spec) !== JSON.stringify(given.spec);
    return {
      ...given,
      apiVersion: before.apiVersion,
      kind: before.kind,
      metadata: {
        ...given.metadata,
        ...(namespace !== undefined && { namespace }),
        ...(uid !== undefined && { uid }),
        ...(creationTimestamp !== undefined && { creationTimestamp }),
        generation: isOther ? generation + 1 : generation,
      },
    };
  }

  function demandNamespace({ namespace }: ApiPath): void {
    if (namespace !== '' && !itemsOf('/namespaces').has(`/${namespace}`)) {
      throw refusal(404, 'NotFound', `namespaces "${namespace}" not found`);
    }
  }

  function create(path: ApiPath, object: KubeObject): KubeObject {
    demandNamespace(path);
    if (find(path) !== undefined) {
      throw refusal(409, 'AlreadyExists', `${path.collection.slice(1)} "${path.name}" already exists`);
    }
    server.admission(object);
    const object_ = path.collection.endsWith('customresourcedefinitions') ? established(object) : object;
    return write(path, made(path, object_));
  }

  function replace(path: ApiPath, object: KubeObject): KubeObject {
    const before = existing(path);
    const { resourceVersion, uid } = object.metadata;
    if (
      (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion) ||
      (uid !== undefined && uid !== before.metadata.uid)
    ) {
      throw refusal(409, 'Conflict', `the object "${path.name}" has been modified; please apply your changes`);
    }
    server.admission(object);
    return write(path, changed(before, object));
  }

  const server: ApiServer = {
    admission: () => undefined,
    version: () => version,
    get: (path) => existing(parseApiPath(path)),
    list(path, selectors = {}) {
      const { collection, namespace } = parseApiPath(path);
      const isWanted = createSelector(selectors);
      const items = [...itemsOf(collection)]
        .filter(([key, object]) => (namespace === '' || key.startsWith(`${namespace}/`)) && isWanted(object))
        .map(([, object]) => object)
        .toSorted((a, b) => (keyIn(a) < keyIn(b) ? -1 : 1));
      return { resourceVersion: String(version), continue: '', items };
    },
    create(path, given) {
      const object = given as KubeObject;
      return create({ ...parseApiPath(path), name: object.metadata.name }, object);
    },
    replace: (path, given) => replace(parseApiPath(path), given as KubeObject),
    patch(path, patch) {
      const { subresource, ...at } = parseApiPath(path);
      const before = existing({ ...at, subresource: '' });
      const merged = mergePatch(before as unknown as JsonObject, patch) as unknown as KubeObject;
      return write({ ...at, subresource }, changed(before, merged));
    },
    apply(path, given) {
      const at = parseApiPath(path);
      const before = find(at);
      const object = given as KubeObject;
      if (before === undefined) return create(at, object);
      server.admission(object);
      const next = changed(before, { ...object, ...(before.status !== undefined && { status: before.status }) });
      const isSame =
        JSON.stringify({ ...next, metadata: { ...next.metadata, resourceVersion: '' } }) ===
        JSON.stringify({ ...before, metadata: { ...before.metadata, resourceVersion: '' } });
      return isSame ? before : write(at, next);
    },
    remove(path, { preconditions } = {}) {
      const at = parseApiPath(path);
      const { metadata } = existing(at);
      const { uid, resourceVersion } = preconditions ?? {};
      if (
        (uid !== undefined && uid !== metadata.uid) ||
        (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
      ) {
        throw refusal(409, 'Conflict', `the object "${at.name}" is not the one that was meant`);
      }
      if (at.collection === '/namespaces') {
        for (const [collection, items] of collections) {
          for (const object of [...items.values()].filter((one) => one.metadata.namespace === at.name)) {
            write({ collection, namespace: at.name, name: object.metadata.name, subresource: '' }, null);
          }
        }
      }
      return write(at, null);
    },
    since(from) {
      if (from < forgotten) throw refusal(410, 'Expired', `too old resource version: ${from} (${forgotten})`);
      // Versions increase by one with each change.
      return changes.slice(from - forgotten);
    },
    compact() {
      forgotten = version;
      changes = [];
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return server;
}

/** A refusal in the words of the API server. */
export function refusal(status: number, reason: string, message: string): KubeApiError {
  return new KubeApiError(status, reason, message);
}

function keyIn({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function established(definition: KubeObject): KubeObject {
  return { ...definition, status: { conditions: [{ type: 'Established', status: 'True' }] } };
}

/** RFC 7386. */
function mergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const merged: JsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** Readers share the stored object: a reader that modified it would modify the cluster. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
