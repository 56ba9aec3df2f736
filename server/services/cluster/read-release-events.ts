import type { ReleaseEvent, ReleaseEventList } from '../../../contract/schemas/cluster/release-object.ts';
import { describeEvent } from '../../domain/cluster/describe-event.ts';
import { releaseNotFound } from '../../domain/errors/release-problems.ts';
import { asString, valueAt } from '../../domain/json/json-reading.ts';
import { believedObjects } from '../../domain/kube/believed-objects.ts';
import type { ClusterView } from '../../domain/kube/cluster-view.ts';
import { fieldOf, type KubeObject, type ObjectRef } from '../../domain/kube/kube-object.ts';
import { timeKey } from '../../domain/lists/keyset-page.ts';
import { maskFields } from '../../domain/masking/shown-release.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { collectObjects } from './collect-objects.ts';

/**
 * What happened to the objects of a release, and to what these made, read in the name of the caller.
 * @throws ProblemError RELEASE_NOT_FOUND, TOO_MANY_OBJECTS, and as `ObjectReader`
 */
export type ReadReleaseEvents = (
  namespace: string,
  release: string,
  limit: number,
  reading: ObjectReading,
) => Promise<ReleaseEventList>;

/** Pods of Deployments are two owners away, those of CronJobs as well; a longer chain is a loop. */
const MAX_LEVELS = 4;
/** Objects that are looked at: more have no other events. */
const MAX_OBJECTS = 20_000;

export function createReadReleaseEvents({
  cache,
  live,
  reader,
}: {
  cache: Pick<ReleaseCache, 'get'>;
  live: Pick<ClusterView, 'get' | 'ownedBy'>;
  reader: Pick<ObjectReader, 'list'>;
}): ReadReleaseEvents {
  return async function readReleaseEvents(namespace, release, limit, reading) {
    const record = await cache.get(releaseKey(namespace, release));
    if (record === undefined) {
      throw releaseNotFound(namespace, release);
    }
    const uids = objectsOf(record, live);
    const found = await collectObjects(reader, { kind: 'Event', namespace }, reading, (event) =>
      isAbout(event, uids) ? describeReleaseEvent(event) : undefined,
    );
    const events = folded(found)
      .toSorted((a, b) => (timeKey(a.lastTimestamp) < timeKey(b.lastTimestamp) ? -1 : 1))
      .slice(-limit);
    return maskFields({ events }, record.masker);
  };
}

/** The uids of a release's objects by kind and name, those that they own included; empty: the object is not known. */
function objectsOf(record: ReleaseRecord, live: Pick<ClusterView, 'get' | 'ownedBy'>): ReadonlyMap<string, string> {
  const uids = new Map<string, string>();
  let level = believedObjects(record).flatMap((ref) => {
    const object = live.get(ref);
    uids.set(nameOf(ref), object?.metadata.uid ?? '');
    return object === undefined ? [] : [object];
  });
  for (let depth = 0; depth < MAX_LEVELS && level.length > 0; depth += 1) {
    level = level
      .flatMap(({ metadata: { uid = '' } }) => (uid === '' ? [] : live.ownedBy(uid)))
      .filter(({ kind, metadata: { name, uid = '' } }) => {
        const key = nameOf({ kind, name });
        const isNew = !uids.has(key) && uids.size < MAX_OBJECTS;
        if (isNew) {
          uids.set(key, uid);
        }
        return isNew;
      });
  }
  return uids;
}

function nameOf({ kind, name }: Pick<ObjectRef, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}

/** An event of an earlier object of the same name is not this one's. */
function isAbout(event: KubeObject, uids: ReadonlyMap<string, string>): boolean {
  const { kind, name, uid } = involved(event);
  const known = uids.get(nameOf({ kind, name }));
  return known !== undefined && (known === '' || uid === '' || known === uid);
}

function involved(event: KubeObject): { kind: string; name: string; uid: string } {
  const text = (field: string) => asString(valueAt(fieldOf(event, 'involvedObject'), field));
  return { kind: text('kind'), name: text('name'), uid: text('uid') };
}

function describeReleaseEvent(event: KubeObject): ReleaseEvent {
  const { kind, name } = involved(event);
  return { ...describeEvent(event), object: { kind, name } };
}

/** Events of one object for one reason are one: what was said last, and how often. */
function folded(events: readonly ReleaseEvent[]): ReleaseEvent[] {
  const byReason = Map.groupBy(events, ({ object, type, reason }) =>
    JSON.stringify([object.kind, object.name, type, reason]),
  );
  return [...byReason.values()].flatMap((same) => {
    const sorted = same.toSorted((a, b) => (timeKey(a.lastTimestamp) < timeKey(b.lastTimestamp) ? -1 : 1));
    const last = sorted.at(-1);
    const first = same
      .map(({ firstTimestamp }) => firstTimestamp)
      .toSorted((a, b) => (timeKey(a) < timeKey(b) ? -1 : 1));
    return last === undefined
      ? []
      : [{ ...last, count: same.reduce((sum, { count }) => sum + count, 0), firstTimestamp: first[0] ?? '' }];
  });
}
