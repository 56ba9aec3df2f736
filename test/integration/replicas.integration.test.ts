import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { ReleaseInfo } from '../../contract/schemas/release.ts';
import type { TaskInfo } from '../../contract/schemas/task.ts';
import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { type KafkaBroker, startKafkaBroker } from '../harness/programs/kafka-broker.ts';
import { type KafkaReader, readKafka } from '../harness/programs/kafka-consumer.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

/** Three replicas of one Walm on a cluster of their own, as in production. */
type Replica = { name: string; server: WalmServer; api: WalmApi };

const namespace = 'replicas';
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/walm-system/leases/walm-leader';
const chart = buildChart('tiny', {
  'values.yaml': 'own: 1\n',
  'templates/got.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {got: {{ .Values | toJson | quote }}}\n',
}).bytes;
const hooks = fixtureChart('hooks').bytes;

let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let kube: KubeClient;
let broker: KafkaBroker;
let reader: KafkaReader;
let replicas: Replica[] = [];
let started = 0;

async function startReplica(): Promise<Replica> {
  const name = `replica-${(started += 1)}`;
  const flags = [
    `--instance-id=${name}`,
    '--kafka-config-enable=true',
    `--kafka-config-brokers=${broker.address}`,
    '--shutdown-sec=20',
  ];
  const server = await startWalmServer({ kubeconfig: sandbox.handle.kubeconfig, flags });
  return { name, server, api: createWalmApi(server.url) };
}

beforeAll(async () => {
  [sandbox, broker] = await Promise.all([startSandbox(), startKafkaBroker()]);
  kube = createKubeClient(sandbox.handle.kubeconfig);
  reader = await readKafka(broker.address, ['release-config', 'release-status']);
  await createNamespace(kube, namespace);
  replicas = [await startReplica(), await startReplica(), await startReplica()];
});

afterAll(async () => {
  await Promise.all(replicas.map(({ server }) => server.stop()));
  await reader?.close();
  await broker?.stop();
  kube?.close();
  await sandbox?.stop();
});

async function holder(): Promise<string> {
  const lease = (await kube.find(LEASE)) as unknown as { spec: { holderIdentity: string } };
  return lease.spec.holderIdentity;
}

async function leaderAndOthers(): Promise<{ leader: Replica; others: Replica[] }> {
  const leading = await holder();
  const leader = replicas.find(({ name }) => name === leading);
  if (leader === undefined) throw new Error(`no replica is named ${leading}`);
  return { leader, others: replicas.filter((replica) => replica !== leader) };
}

/** The releases, without what each replica counts for itself: the events that it has told. */
async function shown(api: WalmApi): Promise<Omit<ReleaseInfo, 'sequence'>[]> {
  return (await api.list(namespace)).body.items.map(({ sequence: _sequence, ...rest }) => rest);
}

/** The check holds on every replica within two seconds. */
function everywhere(check: (api: WalmApi) => Promise<void>): Promise<unknown> {
  return Promise.all(replicas.map(({ api }) => eventually(() => check(api))));
}

const change = (api: WalmApi, name: string, own: number, headers: Record<string, string> = {}) =>
  api.send('PUT', `/api/v1/release/${namespace}`, {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ name, configValues: { own } }),
  });

function lastConfig(name: string): { configValues: Record<string, unknown> } | undefined {
  const own = reader.records('release-config').filter(({ key }) => key === `${namespace}/${name}`);
  const last = own.at(-1);
  return last && (JSON.parse(last.value) as { data: { configValues: Record<string, unknown> } }).data;
}

describe('three replicas', () => {
  test('take changes each, see those of the others, and answer the same', async () => {
    for (const { name, api } of replicas) {
      await api.mustInstall({ namespace, body: { name, configValues: { own: 1 } }, archive: chart });
      await everywhere(async (other) => {
        expect((await other.get(namespace, name)).body).toMatchObject({ version: 1, ready: true });
      });
      expect((await change(api, name, 2)).status).toBe(200);
      await everywhere(async (other) => {
        expect((await other.get(namespace, name)).body).toMatchObject({ version: 2, configValues: { own: 2 } });
      });
    }
    await everywhere(async (other) => {
      expect(await shown(other)).toEqual(await shown(replicas[0]!.api));
    });
  });

  test('find a chart that was uploaded to another one, for a namespace that does not exist yet', async () => {
    const { others } = await leaderAndOthers();
    for (const [index, { api }] of others.entries()) {
      const order = { namespace: `fresh-${index}`, body: { name: 'first' }, archive: chart };
      await api.mustInstall({ ...order, query: { createNamespace: true } });
    }
    await everywhere(async (api) => {
      expect((await api.list('fresh-0')).body.num).toBe(1);
    });
  });

  test('know a request again that another one had taken', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const { others } = await leaderAndOthers();
    const [first, second] = others as [Replica, Replica];
    const one = await change(first.api, first.name, 3, headers);
    const two = await change(second.api, first.name, 3, headers);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(two.headers.get('walm-task-id')).toBe(one.headers.get('walm-task-id'));
    expect((await first.api.get(namespace, first.name)).body.version).toBe(3);
  });

  test('show how far a task is that the leader carries out', async () => {
    const body = { name: 'slow', configValues: { slowSeconds: 5 } };
    const { others } = await leaderAndOthers();
    const asked = await others[0]!.api.install({ namespace, body, archive: hooks, query: { async: true } });
    const { id } = (asked.body as { task: TaskInfo }).task;
    await everywhere(async (api) => {
      const { body: task } = await api.task(id);
      expect(task.progress).toMatchObject({ phase: 'hooks', object: { kind: 'Job', namespace } });
    });
    await everywhere(async (api) => {
      const { body: task } = await api.task(id);
      expect(task.state).toBe('succeeded');
      expect(task.progress).toBeUndefined();
    });
  });

  test("take over a dead leader's duties: tasks, dependents and events", async () => {
    const { leader, others } = await leaderAndOthers();
    const [survivor] = others as [Replica];
    const provider = { name: 'provider', outputs: { it: 'values:own' } };
    await survivor.api.mustInstall({ namespace, body: provider, archive: chart });
    const dependent = { name: 'dependent', dependencies: { up: 'provider' } };
    await survivor.api.mustInstall({ namespace, body: dependent, archive: chart });

    await leader.server.kill();
    replicas = others;
    const changed = await change(survivor.api, 'provider', 5);
    expect(changed.status, changed.text).toBe(200);
    await eventually(async () => {
      expect((await survivor.api.get(namespace, 'dependent')).body.computedValues).toMatchObject({ up: { it: 5 } });
    });
    await eventually(() => expect(lastConfig('provider')?.configValues).toEqual({ own: 5 }));
    expect(others.map(({ name }) => name)).toContain(await holder());
    replicas = [...others, await startReplica()];
  });

  test('are restarted one after the other under load, and nothing fails, is lost or happens twice', async () => {
    const releases = ['load-1', 'load-2', 'load-3'];
    for (const name of releases) {
      await replicas[0]?.api.mustInstall({ namespace, body: { name }, archive: chart });
    }
    let rolling = true;

    /** What a careful client does: the same request with the same key again, at another replica. */
    async function send(name: string, own: number): Promise<ApiAnswer> {
      const headers = { 'idempotency-key': randomUUID() };
      for (let attempt = 0; ; attempt += 1) {
        const replica = replicas[(own + attempt) % replicas.length] as Replica;
        const answer = await change(replica.api, name, own, headers).catch(() => null);
        if (answer !== null && answer.status !== 503) return answer;
        if (attempt > 100) throw new Error(`no replica answers: ${answer?.text ?? 'no connection'}`);
        await delay(100);
      }
    }

    async function load(name: string): Promise<number> {
      let own = 1;
      while (rolling) {
        own += 1;
        const answer = await send(name, own);
        expect(answer.status, answer.text).toBe(200);
      }
      return own;
    }

    const loads = releases.map(load);
    for (const replica of replicas) {
      expect(await replica.server.stop()).toBe(0);
      replicas = [...replicas.filter((one) => one !== replica), await startReplica()];
    }
    rolling = false;
    const counts = await Promise.all(loads);
    for (const [index, name] of releases.entries()) {
      const own = counts[index] as number;
      await everywhere(async (api) => {
        const { body }: { body: ReleaseInfo } = await api.get(namespace, name);
        expect(body).toMatchObject({ version: own, configValues: { own } });
      });
    }
  });
});
