import type { ClusterView } from '../kube/cluster-view.ts';
import { groupKind, type KubeObject, type ObjectRef } from '../kube/kube-object.ts';
import { createKeptContent } from './kept-content.ts';
import { createWarningIndex, type WarningIndex } from './warning-index.ts';

/** Objects in memory, with the lookups that status computation needs. */
export type ObjectIndex = ClusterView & {
  warnings: WarningIndex;
  /** Adds the object, replacing one of the same kind and name. */
  put(object: KubeObject): void;
  /** Removes the object; returns it. */
  remove(object: KubeObject): KubeObject | undefined;
  /**
   * Makes `all` the only objects of a kind, in `namespace` if given; returns those that are gone. The kind counts as
   * known from now on.
   */
  replaceKind(apiVersion: string, kind: string, all: readonly KubeObject[], namespace?: string): KubeObject[];
  /** Records that Walm may not read a kind, until `replaceKind` provides its objects. */
  hideKind(apiVersion: string, kind: string): void;
  /** Removes all objects of a kind, which then counts as unknown. */
  forgetKind(apiVersion: string, kind: string): void;
  /** Sorted by namespace and name. */
  list(apiVersion: string, kind: string, namespace?: string): KubeObject[];
  byUid(uid: string): KubeObject | undefined;
};

const SERVICE_LABEL = 'kubernetes.io/service-name';
/** Kinds between a workload and its pods. */
const BETWEEN = new Set(['ReplicaSet.apps', 'Job.batch']);

type Group = Map<string, KubeObject>;

function idOf({ namespace = '', name }: { namespace?: string; name: string }): string {
  return `${namespace}/${name}`;
}

function kindOf({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return groupKind(apiVersion, kind);
}

function compareNames(a: KubeObject, b: KubeObject): number {
  const [left, right] = [idOf(a.metadata), idOf(b.metadata)];
  return left < right ? -1 : Number(left > right);
}

function compareAge(a: KubeObject, b: KubeObject): number {
  const [left, right] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  return left === right ? compareNames(a, b) : left < right ? -1 : 1;
}

/** Objects by a key that several may share. */
function createShelves() {
  const shelves = new Map<string, Set<KubeObject>>();
  return {
    add(key: string, object: KubeObject): void {
      const shelf = shelves.get(key) ?? new Set();
      shelves.set(key, shelf.add(object));
    },
    remove(key: string, object: KubeObject): void {
      const shelf = shelves.get(key);
      shelf?.delete(object);
      if (shelf?.size === 0) {
        shelves.delete(key);
      }
    },
    get: (key: string): KubeObject[] => [...(shelves.get(key) ?? [])],
  };
}

/**
 * An empty index in which no kind is known; with `scope`, only for objects of these namespaces. `content` bounds what is
 * held of each namespace.
 */
export function createObjectIndex(scope: readonly string[] = [], content = createKeptContent()): ObjectIndex {
  const kinds = new Map<string, Group>();
  const known = new Set<string>();
  const hidden = new Set<string>();
  const byUid = new Map<string, KubeObject>();
  const byOwner = createShelves();
  const byService = createShelves();
  const warnings = createWarningIndex();

  function shelve(object: KubeObject, verb: 'add' | 'remove'): void {
    const { uid, ownerReferences = [], labels = {}, namespace } = object.metadata;
    ownerReferences.forEach((owner) => byOwner[verb](owner.uid, object));
    const service = labels[SERVICE_LABEL];
    if (service !== undefined) {
      byService[verb](idOf({ name: service, ...(namespace !== undefined && { namespace }) }), object);
    }
    if (uid !== undefined && verb === 'add') {
      byUid.set(uid, object);
    } else if (uid !== undefined) {
      byUid.delete(uid);
    }
  }

  function take(object: KubeObject): KubeObject | undefined {
    const group = kinds.get(kindOf(object));
    const former = group?.get(idOf(object.metadata));
    if (former !== undefined) {
      group?.delete(idOf(object.metadata));
      content.letGo(former);
      shelve(former, 'remove');
    }
    return former;
  }

  function put(given: KubeObject): void {
    take(given);
    const object = content.takeIn(given);
    const group: Group = kinds.get(kindOf(object)) ?? new Map();
    kinds.set(kindOf(object), group.set(idOf(object.metadata), object));
    shelve(object, 'add');
  }

  /** An owner is in the namespace of its dependent, or cluster-scoped: any other owner reference is forged. */
  function ownedBy(uid: string): KubeObject[] {
    const namespace = byUid.get(uid)?.metadata.namespace;
    const owned = byOwner.get(uid);
    return namespace === undefined ? owned : owned.filter(({ metadata }) => metadata.namespace === namespace);
  }

  /** A user can create objects that own each other: each is visited once. */
  function podsOf(uid: string, visited: Set<string>): KubeObject[] {
    if (visited.has(uid)) {
      return [];
    }
    visited.add(uid);
    return ownedBy(uid).flatMap((owned) => {
      if (kindOf(owned) === 'Pod') {
        return [owned];
      }
      return BETWEEN.has(kindOf(owned)) ? podsOf(owned.metadata.uid ?? '', visited) : [];
    });
  }

  return {
    warnings,
    put,
    remove: take,
    replaceKind(apiVersion, kind, all, namespace) {
      const names = new Set(all.map(({ metadata }) => idOf(metadata)));
      const gone = [...(kinds.get(groupKind(apiVersion, kind))?.values() ?? [])].filter(
        ({ metadata }) => !names.has(idOf(metadata)) && (namespace === undefined || metadata.namespace === namespace),
      );
      gone.forEach(take);
      all.forEach(put);
      known.add(groupKind(apiVersion, kind));
      hidden.delete(groupKind(apiVersion, kind));
      return gone;
    },
    hideKind: (apiVersion, kind) => void hidden.add(groupKind(apiVersion, kind)),
    forgetKind(apiVersion, kind) {
      hidden.delete(groupKind(apiVersion, kind));
      [...(kinds.get(groupKind(apiVersion, kind))?.values() ?? [])].forEach(take);
      known.delete(groupKind(apiVersion, kind));
    },
    get: (ref: ObjectRef) => kinds.get(kindOf(ref))?.get(idOf(ref)),
    list(apiVersion, kind, namespace) {
      const all = [...(kinds.get(groupKind(apiVersion, kind))?.values() ?? [])];
      const wanted = namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
      return wanted.sort(compareNames);
    },
    byUid: (uid) => byUid.get(uid),
    ownedBy: (uid) => ownedBy(uid).sort(compareNames),
    podsOf: (uid) => [...new Set(podsOf(uid, new Set()))].sort(compareAge),
    endpointSlicesOf: (namespace, service) => byService.get(idOf({ namespace, name: service })).sort(compareNames),
    warningsOf: (uid) => warnings.of(uid),
    knows: (apiVersion, kind) => known.has(groupKind(apiVersion, kind)),
    isHidden: (ref) =>
      hidden.has(kindOf(ref)) || (scope.length > 0 && ref.namespace !== '' && !scope.includes(ref.namespace)),
  };
}
