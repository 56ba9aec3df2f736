import type {
  ClusterEvent,
  ClusterEventList,
  ClusterPod,
  ClusterPodList,
} from '../../../contract/schemas/cluster/pod.ts';
import { describeEvent } from '../../domain/cluster/describe-event.ts';
import { eventInGoWords } from '../../domain/cluster/go-words.ts';
import { owningRelease } from '../../domain/cluster/owning-release.ts';
import { podNotFound } from '../../domain/errors/object-problems.ts';
import { asString } from '../../domain/json/json-reading.ts';
import { type KubeObject, specOf, statusOf } from '../../domain/kube/kube-object.ts';
import { keyText, timeKey } from '../../domain/lists/keyset-page.ts';
import { podStatus } from '../../domain/status/pod-status.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { collectObjects } from './collect-objects.ts';
import type { ShowOfRelease } from './hide-release-secrets.ts';
import { askList, type ObjectListQuery } from './object-list.ts';
import { showInTurns } from './show-in-turns.ts';

export type ReadPodsDeps = {
  live: Pick<LiveObjects, 'get' | 'list'>;
  reader: ObjectReader;
  showOfRelease: ShowOfRelease;
  /** Tell times as the original Walm did (decision 22: compatibility). */
  inGoWords: boolean;
  clock: Pick<Clock, 'now'>;
};

/** Which pods to list, besides what any list asks for. */
export type PodFilter = { release?: string | undefined; node?: string | undefined; phase?: string | undefined };

/**
 * Reads pods from the live view, for callers whose right was checked, and events in the name of the caller. Throws the
 * errors that are named.
 */
export interface ReadPods {
  /** @throws ProblemError QUERY_INVALID */
  listPods(namespace: string, query: ObjectListQuery & PodFilter): Promise<ClusterPodList>;
  /** @throws ProblemError POD_NOT_FOUND */
  getPod(namespace: string, name: string): Promise<ClusterPod>;
  /** @throws ProblemError POD_NOT_FOUND, TOO_MANY_OBJECTS, and as `ObjectReader` */
  listPodEvents(namespace: string, name: string, reading: ObjectReading): Promise<ClusterEventList>;
}

/** Events that are shown: the newest ones. */
const MAX_EVENTS = 200;

export function createReadPods({ live, reader, showOfRelease, inGoWords, clock }: ReadPodsDeps): ReadPods {
  function find(namespace: string, name: string): KubeObject {
    const pod = live.get({ apiVersion: 'v1', kind: 'Pod', namespace, name });
    if (pod === undefined) {
      throw podNotFound(namespace, name);
    }
    return pod;
  }

  function show(pod: KubeObject): Promise<ClusterPod> {
    return showOfRelease(pod, {
      ...podStatus(pod, clock.now()),
      node: nodeOf(pod),
      phase: phaseOf(pod),
      createdAt: pod.metadata.creationTimestamp ?? '',
    });
  }

  return {
    async listPods(namespace, { release, node, phase, ...query }) {
      const asked = askList(query, { release, node, phase });
      const found = live
        .list('v1', 'Pod', namespace)
        .filter(
          (pod) =>
            asked.wants(pod.metadata.name, pod.metadata.labels) &&
            (node === undefined || nodeOf(pod) === node) &&
            (phase === undefined || phaseOf(pod) === phase) &&
            (release === undefined || owningRelease(pod, live) === release),
        );
      const { items, ...page } = asked.page(found, ({ metadata }) => [keyText(metadata.name)]);
      return { ...page, items: await showInTurns(items, show, clock) };
    },
    async getPod(namespace, name) {
      return show(find(namespace, name));
    },
    async listPodEvents(namespace, name, reading) {
      const pod = find(namespace, name);
      const about = { name, uid: pod.metadata.uid ?? '' };
      const found = await collectObjects(reader, { kind: 'Event', namespace, about }, reading, describeEvent);
      const newest = found
        .toSorted((a, b) => (timeKey(a.lastTimestamp) < timeKey(b.lastTimestamp) ? -1 : 1))
        .slice(-MAX_EVENTS);
      const { events } = await showOfRelease(pod, { events: newest });
      return { events: inGoWords ? events.map((event: ClusterEvent) => eventInGoWords(event)) : events };
    },
  };
}

function nodeOf(pod: KubeObject): string {
  return asString(specOf(pod)['nodeName']);
}

function phaseOf(pod: KubeObject): string {
  return asString(statusOf(pod)['phase']);
}
