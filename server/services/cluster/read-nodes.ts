import type { ClusterNode, ClusterNodeList } from '../../../contract/schemas/cluster/node.ts';
import { describeNode } from '../../domain/cluster/describe-node.ts';
import { type NodeUsage, nodeTakenBy, UNUSED, withPod } from '../../domain/cluster/node-usage.ts';
import { nodeNotFound } from '../../domain/errors/object-problems.ts';
import { keyText, type ListKey } from '../../domain/lists/keyset-page.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { createTtlCache } from '../access/ttl-cache.ts';
import { createYieldTurn } from '../jobs/cooperative-yield.ts';
import { collectObjects } from './collect-objects.ts';
import { askList, type ObjectListQuery } from './object-list.ts';

export type ReadNodesDeps = {
  reader: ObjectReader;
  live: Pick<LiveObjects, 'list'>;
  /** Whether the live view has the pods of all namespaces. */
  seesAllPods: boolean;
  clock: Pick<Clock, 'now'>;
};

/**
 * Reads nodes in the name of the caller; throws as `ObjectReader`, and the errors that are named. What pods take of them
 * is a sum over all namespaces, and is shown to each caller who may read the node.
 */
export interface ReadNodes {
  /** @throws ProblemError QUERY_INVALID, TOO_MANY_OBJECTS */
  listNodes(query: ObjectListQuery, reading: ObjectReading): Promise<ClusterNodeList>;
  /** @throws ProblemError NODE_NOT_FOUND */
  getNode(name: string, reading: ObjectReading): Promise<ClusterNode>;
}

type Usages = ReadonlyMap<string, NodeUsage> | null;

/** The sums are made again after this time, in milliseconds. */
const SUMS_MS = 2_000;

export function createReadNodes({ reader, live, seesAllPods, clock }: ReadNodesDeps): ReadNodes {
  const sums = createTtlCache<Usages>({ clock, max: 1, lifeMs: () => SUMS_MS });

  async function sumUp(): Promise<Usages> {
    if (!seesAllPods) {
      return null;
    }
    const usages = new Map<string, NodeUsage>();
    const yieldTurn = createYieldTurn(clock);
    for (const pod of live.list('v1', 'Pod')) {
      const node = nodeTakenBy(pod);
      if (node !== '') {
        usages.set(node, withPod(usages.get(node) ?? UNUSED, pod));
      }
      await yieldTurn();
    }
    return usages;
  }

  const usageOf = (usages: Usages, name: string) => usages && (usages.get(name) ?? UNUSED);

  return {
    async listNodes(query, reading) {
      const asked = askList(query);
      const usages = await sums.get('sums', sumUp);
      const found = await collectObjects(reader, { kind: 'Node' }, reading, (node) =>
        asked.wants(node.metadata.name, node.metadata.labels)
          ? describeNode(node, usageOf(usages, node.metadata.name))
          : undefined,
      );
      return asked.page(found, (node) => keyOf(node, query.sort.replace(/^-/, '')));
    },
    async getNode(name, reading) {
      const node = await reader.get('Node', { name }, reading);
      if (node === null) {
        throw nodeNotFound(name);
      }
      return describeNode(node, usageOf(await sums.get('sums', sumUp), name));
    },
  };
}

function keyOf({ name, unifyUnitResourceInfo, pods }: ClusterNode, field: string): ListKey {
  const taken = unifyUnitResourceInfo.requestsAllocated;
  const number = field === 'cpu' ? (taken?.cpu ?? 0) * 1000 : field === 'memory' ? taken?.memory : pods.running;
  return field === 'name' ? [keyText(name)] : [String(Math.round(number ?? 0)).padStart(16, '0'), keyText(name)];
}
