import type { LiveWarning } from '../kube/cluster-view.ts';
import { asString, valueAt } from '../json/json-reading.ts';
import { fieldOf, type KubeObject } from '../kube/kube-object.ts';

/** Events of type Warning in memory, by the object they are about. */
export type WarningIndex = {
  /** Adds an event, replacing one of the same name; returns the uid of the object it is about. */
  put(event: KubeObject): string;
  /** Removes an event; returns the uid of the object it was about. */
  remove(event: KubeObject): string;
  /** Makes `all` the only events, of `namespace` if given. */
  replace(all: readonly KubeObject[], namespace?: string): void;
  /** Newest first; per reason only the newest. */
  of(uid: string): LiveWarning[];
};

/** Long enough for the messages of schedulers and admission plugins. */
const MAX_MESSAGE_LENGTH = 1_000;

type Kept = LiveWarning & { uid: string };

function keep(event: KubeObject): Kept {
  const last =
    asString(fieldOf(event, 'lastTimestamp')) || asString(valueAt(fieldOf(event, 'series'), 'lastObservedTime'));
  return {
    uid: asString(valueAt(fieldOf(event, 'involvedObject'), 'uid')),
    reason: asString(fieldOf(event, 'reason')),
    message: asString(fieldOf(event, 'message')).slice(0, MAX_MESSAGE_LENGTH),
    at: last || asString(fieldOf(event, 'eventTime')) || (event.metadata.creationTimestamp ?? ''),
  };
}

/** An empty index of warnings. */
export function createWarningIndex(): WarningIndex {
  const byEvent = new Map<string, Kept>();
  const byUid = new Map<string, Set<Kept>>();

  function nameOf(event: KubeObject): string {
    return `${event.metadata.namespace ?? ''}/${event.metadata.name}`;
  }

  function removeNamed(name: string): string {
    const former = byEvent.get(name);
    if (former === undefined) {
      return '';
    }
    byEvent.delete(name);
    const siblings = byUid.get(former.uid);
    siblings?.delete(former);
    if (siblings?.size === 0) {
      byUid.delete(former.uid);
    }
    return former.uid;
  }

  function remove(event: KubeObject): string {
    return removeNamed(nameOf(event));
  }

  function put(event: KubeObject): string {
    remove(event);
    const kept = keep(event);
    byEvent.set(nameOf(event), kept);
    byUid.set(kept.uid, (byUid.get(kept.uid) ?? new Set()).add(kept));
    return kept.uid;
  }

  return {
    put,
    remove,
    replace(all, namespace) {
      const isThere = (name: string) => namespace === undefined || name.startsWith(`${namespace}/`);
      [...byEvent.keys()].filter(isThere).forEach(removeNamed);
      all.forEach(put);
    },
    of(uid) {
      const newest = [...(byUid.get(uid) ?? [])].sort((a, b) => (a.at < b.at ? 1 : -1));
      const reasons = new Set<string>();
      return newest
        .filter(({ reason }) => !reasons.has(reason) && reasons.add(reason))
        .map(({ reason, message, at }) => ({ reason, message, at }));
    },
  };
}
