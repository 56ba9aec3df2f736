import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { type OperationId, operations } from '../../contract/operations/operations.ts';
import { createSeededRandom, type SeededRandom } from '../harness/seeded-random.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { addedSince, takeSnapshot } from '../harness/clients/cluster-snapshot.ts';
import { fixtureChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';
import { CLUSTER_FAULTS } from '../mistakes/cluster-faults.ts';
import { type FaultyCluster, startFaultyCluster } from '../mistakes/faulty-cluster.ts';
import { goodChart } from '../mistakes/good-chart.ts';
import { faultOf } from '../mistakes/judge-answer.ts';
import { createLane, type Lane, SITTING } from '../mistakes/lane.ts';
import { mistakeInRequest, type WireRequest } from '../mistakes/mutate-request.ts';

const { kubeconfig, registry } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const SEED = Number(process.env['MISTAKES_SEED'] || 20);
/** Mistakes in requests of each operation, and refusals of the cluster. */
const EACH = Number(process.env['MISTAKES_EACH'] || 1);
const REFUSALS = Number(process.env['MISTAKES_REFUSALS'] || EACH * 8);
const LANES = 3;
const SYSTEM = 'walm-mistakes';

let cluster: FaultyCluster;
let repository: ChartRepository;
let server: WalmServer;
const before = new Map<string, Set<string>>();
const ids = Object.keys(operations) as OperationId[];

beforeAll(async () => {
  const namespaces = Array.from({ length: LANES }, (_, i) => [`mistakes-${i}`, `refusals-${i}`]).flat();
  await Promise.all([SYSTEM, ...namespaces].map((name) => createNamespace(kube, name)));
  await Promise.all(namespaces.map(createObjects));
  for (const name of namespaces) before.set(name, await takeSnapshot(kube, name));
  cluster = await startFaultyCluster(kube);
  repository = await startChartRepository();
  repository.add(goodChart);
  const repositories = [{ name: 'stable', url: repository.url }];
  const flags = [`--kubernetes-system-namespace=${SYSTEM}`];
  server = await startWalmServer({ kubeconfig: cluster.kubeconfig, repositories, flags });
});
afterAll(async () => {
  await server?.stop();
  await repository?.close();
  await cluster?.close();
  kube.close();
});

/** What reads of the cluster find in a namespace. */
async function createObjects(namespace: string): Promise<void> {
  const at = `/api/v1/namespaces/${namespace}`;
  await kube.create(`${at}/secrets`, { metadata: { name: SITTING.secret }, stringData: { a: 'b' } });
  await kube.create(`${at}/persistentvolumeclaims`, {
    metadata: { name: SITTING.claim },
    spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  for (const name of [SITTING.pod, 'fleeting']) {
    await kube.create(`${at}/pods`, { metadata: { name }, spec: { containers: [{ name: 'web', image: 'web:1' }] } });
  }
}

/** Lanes work in parallel; each takes the next entry. Faults are reported, a line each. */
async function inLanes<T>(
  kind: string,
  entries: readonly T[],
  work: (lane: Lane, entry: T, random: SeededRandom) => Promise<string[]>,
): Promise<string[]> {
  const open = entries.entries();
  const found: string[] = [];
  /** A long run reports faults at once. */
  const tell = (faults: readonly string[]): void => {
    faults.forEach((fault) => console.log(fault));
    found.push(...faults);
  };
  await Promise.all(
    Array.from({ length: LANES }, async (_, i) => {
      const lane = createLane(
        server.url,
        `${kind}-${i}`,
        `${registry}/charts/umbrella:${fixtureChart('umbrella').version}`,
      );
      for (const [index, entry] of open) {
        tell(await work(lane, entry, createSeededRandom(SEED * 100_000 + index)));
      }
      tell([...(await lane.defects()), ...(await lane.clear())]);
      await eventually(async () => {
        const now = await takeSnapshot(kube, lane.namespace);
        const left = addedSince(before.get(lane.namespace) ?? new Set(), now);
        if (left.length > 0) throw new Error(left.join(', '));
      }).catch((error: unknown) => tell([`left behind: ${String(error)}`]));
    }),
  );
  return found;
}

/** Sends the request; returns what is wrong with the answer, a line each. */
async function judged(lane: Lane, id: OperationId, what: string, wire: WireRequest): Promise<string[]> {
  const answer = await lane.ask(id, wire);
  const sent = JSON.stringify([wire.path, wire.query, wire.body, wire.raw?.toString()]);
  const fault = faultOf(operations[id], answer, sent);
  return fault === null ? [] : [`${id} with ${what}: ${fault}; ${answer.status} ${answer.text.slice(0, 600)}`];
}

test('every operation answers a good request', async () => {
  const found = await inLanes('mistakes', ids, async (lane, id) => {
    const wire = await lane.prepare(id);
    const answer = await lane.ask(id, wire);
    // A task that has ended cannot be cancelled, and a server that did not hear from its cluster for a while says so.
    const isGood = answer.status < 300 || id === 'cancelTask' || (id === 'readiness' && answer.status === 503);
    return isGood ? [] : [`${id}: ${answer.status} ${answer.text.slice(0, 600)}`];
  });
  expect(found).toEqual([]);
});

test('a mistake in a request or a chart is a sentence, never a defect, and leaves nothing behind', async () => {
  const tries = Array.from({ length: EACH }, () => ids).flat();
  const found = await inLanes('mistakes', tries, async (lane, id, random) => {
    const { what, made } = mistakeInRequest(operations[id], await lane.prepare(id), random);
    return judged(lane, id, what, made);
  });
  expect(found).toEqual([]);
});

test('whatever the cluster refuses is a sentence, and nothing stays locked', async () => {
  const changing = ids.filter((id) => operations[id].method !== 'GET' && id !== 'cancelTask');
  const tries = Array.from({ length: REFUSALS }, (_, i) => changing[i % changing.length]!);
  const found = await inLanes('refusals', tries, async (lane, id, random) => {
    const wire = await lane.prepare(id);
    const share = random.pick([0.1, 0.3, 1]);
    const refused: string[] = [];
    cluster.set(lane.namespace, ({ method, path }) => {
      if (random.next() > share) return null;
      const fault = random.pick(CLUSTER_FAULTS);
      refused.push(`${method} ${path}: ${fault.what}`);
      return fault;
    });
    const first = await judged(lane, id, 'refusals', wire);
    cluster.set(lane.namespace, null);
    const again = await judged(lane, id, 'a second try', wire);
    return [...first, ...again].map((line) => `${line}\n  ${refused.join('\n  ')}`);
  });
  expect(found).toEqual([]);
});
