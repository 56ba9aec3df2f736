import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import type { ServerStatus } from '../../contract/schemas/server-status.ts';
import { fixtureChart, folderChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli, type HelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { type RedisServer, startRedisServer } from '../harness/programs/redis-server.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

/** A server that leads by itself, and writes its copies to its own Redis. */
const { kubeconfig, starter, repository } = inject('surroundings');
const chart = folderChart(starter).bytes;
const namespace = 'redis';

let redis: RedisServer;
let kube: KubeClient;
let helm: HelmCli;
let server: WalmServer;
let api: WalmApi;

/** With a short timeout: a Redis that does not answer within it counts as unavailable. */
const flags = (address = redis.address, timeoutMs = 500) => [
  '--kubernetes-system-namespace=walm-redis',
  `--redis-config-addr=${address}`,
  `--redis-config-timeout-ms=${timeoutMs}`,
  '--cache-resync-sec=1',
];

beforeAll(async () => {
  redis = await startRedisServer();
  kube = createKubeClient(kubeconfig);
  helm = createHelmCli(kubeconfig);
  await createNamespace(kube, namespace);
  const repositories = [{ name: 'stable', url: repository.url }];
  server = await startWalmServer({ kubeconfig, repositories, flags: flags() });
  api = createWalmApi(server.url);
});

afterAll(async () => {
  await server?.stop();
  await redis?.stop();
  helm?.close();
  kube?.close();
});

type Release = {
  version: number;
  configValues: Record<string, unknown>;
  manifest: string;
  walm: { uid: string; status: string };
};
type Signature = { uuid: string; name: string; arg: string; timeout_sec: number };
type ReleaseTask = { name: string; namespace: string; latestReleaseTaskSignature: Signature | null };

async function copyOf<T = Release>(name: string, hash = 'walm-releases'): Promise<T | null> {
  const text = await redis.client.hget(hash, `${namespace}/${name}`);
  return text === null ? null : (JSON.parse(text) as T);
}

/** Redis and the API agree on this test's releases. */
async function agrees(from: WalmApi = api): Promise<void> {
  const { items } = (await from.list(namespace)).body;
  const fields = (await redis.client.hkeys('walm-releases')).filter((field) => field.startsWith(`${namespace}/`));
  expect(fields.toSorted()).toEqual(items.map(({ name }) => `${namespace}/${name}`).toSorted());
  for (const { name, version, configValues, status } of items) {
    expect(await copyOf(name)).toMatchObject({ version, configValues, walm: { status } });
  }
}

const upgrade = (name: string, replicaCount: number) =>
  api.upgrade({ namespace, body: { name, configValues: { replicaCount } } });

async function metric(of: WalmServer, line: string): Promise<number> {
  const text = await (await fetch(`${of.url}/metrics`)).text();
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return Number(found?.slice(line.length) ?? Number.NaN);
}

describe('copies in Redis', () => {
  test('have the shapes of the original, at once after every change', async () => {
    await api.mustInstall({ namespace, body: { name: 'web', configValues: { replicaCount: 2 } }, archive: chart });
    const copy = await eventually(
      async () => {
        const found = await copyOf('web');
        expect(found).not.toBeNull();
        return found;
      },
      { everyMs: 10 },
    );
    expect(copy).toMatchObject({
      name: 'web',
      namespace,
      version: 1,
      repoName: '',
      chartName: 'starter',
      configValues: { replicaCount: 2 },
      computedValues: { replicaCount: 2 },
      dependencies: {},
      metaInfoValues: null,
      releaseResourceMetas: expect.arrayContaining([
        { kind: 'Deployment', namespace, name: 'web-starter', apiVersion: 'apps/v1' },
      ]) as unknown,
      manifest: expect.stringContaining('kind: Deployment') as unknown,
      walm: { status: 'deployed' },
    });
    const task = await eventually(async () => {
      const found = await copyOf<ReleaseTask & { walm: { task: { state: string } } }>('web', 'walm-release-tasks');
      expect(found?.walm.task.state).toBe('succeeded');
      return found;
    });
    expect(task).toMatchObject({
      name: 'web',
      namespace,
      latestReleaseTaskSignature: { name: 'Create-Release-Task', timeout_sec: 300 },
    });
    expect(JSON.parse(task?.latestReleaseTaskSignature?.arg ?? '')).toMatchObject({ Namespace: namespace });

    await upgrade('web', 3);
    await eventually(async () => expect(await copyOf('web')).toMatchObject({ version: 2 }));
    await api.mustInstall({ namespace, body: { name: 'brief' }, archive: chart });
    await api.remove(namespace, 'brief');
    await eventually(async () => {
      expect(await copyOf('brief')).toBeNull();
      expect(await copyOf('brief', 'walm-release-tasks')).toBeNull();
    });
    expect(await metric(server, 'walm_shared_cache_up')).toBe(1);
    const { body } = (await api.send('GET', '/api/v1/status')) as ApiAnswer<ServerStatus>;
    expect(body.parts).toContainEqual(expect.objectContaining({ name: 'redis', healthy: true }));
  });

  test('tell of projects', async () => {
    const [hash, field, path] = ['walm-project-tasks', `${namespace}/shop`, `/api/v1/project/${namespace}/name/shop`];
    const made = await api.send('POST', path, {
      body: JSON.stringify({ releases: [{ name: 'member', chartName: 'zookeeper', configValues: { replicas: 1 } }] }),
      headers: { 'content-type': 'application/json' },
    });
    expect(made.status, made.text).toBe(200);
    await eventually(async () =>
      expect(await copyOf('member')).toMatchObject({ walm: { facts: { project: 'shop' } } }),
    );
    const task = { name: 'Create-Project-Task', timeout_sec: 600, arg: `{"Namespace":"${namespace}","Name":"shop"}` };
    const right = await eventually(async () => {
      const text = await redis.client.hget(hash, field);
      expect(JSON.parse(text ?? '{}')).toMatchObject({
        name: 'shop',
        namespace,
        latestTaskSignature: task,
        latestTaskTimeoutSec: 600,
        walm: { task: { state: 'succeeded' } },
      });
      return text;
    });
    await redis.client.hset(hash, field, '[]', `${namespace}/nothing`, '{}');
    // Other tests make projects on the same cluster.
    const own = async () =>
      Object.entries(await redis.client.hgetall(hash)).filter(([name]) => name.startsWith(`${namespace}/`));
    await eventually(async () => expect(await own()).toEqual([[field, right]]));
    expect((await api.send('DELETE', path)).status).toBe(200);
    await eventually(async () => expect(await own()).toEqual([]));
  });

  test('hold no secret', async () => {
    const configValues = { database: { user: 'reader', password: 'canary-of-redis' } };
    const archive = fixtureChart('schema').bytes;
    await api.mustInstall({ namespace, body: { name: 'hidden', configValues }, archive });
    await eventually(async () => expect(await copyOf('hidden')).not.toBeNull());
    const everything = await Promise.all(
      ['walm-releases', 'walm-release-tasks', 'walm-project-tasks'].map((hash) => redis.client.hgetall(hash)),
    );
    expect(JSON.stringify(everything)).not.toContain('canary-of-redis');
    expect(JSON.stringify(everything)).not.toContain(Buffer.from('canary-of-redis').toString('base64'));
    await api.remove(namespace, 'hidden');
  });

  test('follow plain helm', async () => {
    await helm.run('install', 'foreign', starter, '-n', namespace);
    await eventually(async () => expect(await copyOf('foreign')).toMatchObject({ version: 1 }));
    expect(await copyOf('foreign', 'walm-release-tasks')).toMatchObject({ latestReleaseTaskSignature: null });
    await helm.run('upgrade', 'foreign', starter, '-n', namespace, '--set', 'replicaCount=2');
    await eventually(async () =>
      expect(await copyOf('foreign')).toMatchObject({ version: 2, configValues: { replicaCount: 2 } }),
    );
    await helm.run('uninstall', 'foreign', '-n', namespace);
    await eventually(async () => expect(await copyOf('foreign')).toBeNull());
  });

  test('are repaired when they are damaged', async () => {
    const [hash, tasks, field] = ['walm-releases', 'walm-release-tasks', `${namespace}/web`] as const;
    const right = await redis.client.hget(hash, field);
    const damages: [string, () => Promise<unknown>][] = [
      ['removed', () => redis.client.hdel(hash, field)],
      ['garbage', () => redis.client.hset(hash, field, '{"name":')],
      ['forged', () => redis.client.hset(hash, field, right?.replace('"starter"', '"starteR"') ?? '')],
      ['no hash', async () => void (await redis.client.del(hash), await redis.client.set(hash, 'text'))],
      ['wiped', () => redis.client.flushall()],
    ];
    for (const [name, damage] of damages) {
      await damage();
      await redis.client.hset(tasks, 'nobody/knows', '{}', 'not a key', 'x', field, '{}');
      expect((await api.get(namespace, 'web')).body.version, name).toBe(2);
      await eventually(async () => {
        expect(await redis.client.hget(hash, field), name).toBe(right);
        expect(await redis.client.hkeys(tasks)).not.toContain('nobody/knows');
        expect(await redis.client.hkeys(tasks)).not.toContain('not a key');
        expect(await copyOf<ReleaseTask>('web', tasks)).toMatchObject({ name: 'web' });
      });
    }
    expect(await metric(server, 'walm_shared_cache_writes_total{cause="resync"}')).toBeGreaterThan(5);
  });

  test('block no request while Redis is frozen, killed, restarted and wiped, and are repaired afterwards', async () => {
    const outages: [() => unknown, () => unknown][] = [
      [() => redis.freeze(), () => redis.wake()],
      [() => redis.kill(), () => redis.restart()],
      [() => redis.client.flushall(), () => undefined],
    ];
    let replicas = 1;
    for (const [begin, end] of outages) {
      await begin();
      for (let round = 0; round < 3; round += 1) {
        replicas += 1;
        // Each is answered before Redis is back.
        expect((await upgrade('web', replicas)).status).toBe(200);
        expect((await api.get(namespace, 'web')).body.configValues).toMatchObject({ replicaCount: replicas });
        expect((await fetch(`${server.url}/readiness`)).status).toBe(200);
      }
      await end();
      await eventually(() => agrees());
    }
  });
});

describe('a second replica', () => {
  beforeAll(async () => {
    await api.mustInstall({ namespace, body: { name: 'twin' }, archive: chart });
    await eventually(async () => {
      if ((await copyOf('twin')) === null) throw new Error('there is no copy of twin');
    });
  });

  test('starts from the copies, and says what the first one says', async () => {
    const second = await startWalmServer({ kubeconfig, flags: flags(redis.address, 60_000) });
    try {
      expect(await metric(second, 'walm_shared_cache_reads_total{result="hit"}')).toBeGreaterThan(0);
      const other = createWalmApi(second.url);
      await eventually(async () => {
        // Whether a view is behind the cluster, and the sequence of events, differ between replicas.
        const own = { stale: false, sequence: 0 };
        const [one, another] = [(await api.get(namespace, 'twin')).body, (await other.get(namespace, 'twin')).body];
        expect({ ...another, ...own }).toEqual({ ...one, ...own });
      });
      await upgrade('twin', 1);
      const { version } = (await api.get(namespace, 'twin')).body;
      await eventually(async () => expect((await other.get(namespace, 'twin')).body.version).toBe(version));
    } finally {
      await second.stop();
    }
  });

  test('believes nothing that no Walm wrote', async () => {
    const forged = await startRedisServer();
    try {
      await agrees();
      const copies = await redis.client.hgetall('walm-releases');
      // One changed letter is enough: even if it matches the cluster, no copy is as a Walm wrote it.
      const lies = Object.entries(copies).flatMap(([field, text]) => [
        field,
        text.replaceAll('starter', 'forgery').replace('{', '{ '),
      ]);
      await forged.client.hset('walm-releases', ...lies);
      const second = await startWalmServer({ kubeconfig, flags: flags(forged.address) });
      try {
        const answer = await createWalmApi(second.url).list(namespace);
        expect(answer.text).not.toContain('forgery');
        expect(await metric(second, 'walm_shared_cache_reads_total{result="hit"}')).toBeNaN();
      } finally {
        await second.stop();
      }
    } finally {
      await forged.stop();
    }
  });

  test('is ready and right while Redis is frozen', async () => {
    redis.freeze();
    try {
      const second = await startWalmServer({ kubeconfig, flags: flags() });
      const { body } = await createWalmApi(second.url).get(namespace, 'twin');
      await second.stop();
      expect(body).toMatchObject({ status: 'deployed' });
    } finally {
      redis.wake();
    }
    await eventually(() => agrees());
  });
});
