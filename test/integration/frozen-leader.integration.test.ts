import { afterAll, beforeAll, expect, test } from 'vitest';

import type { TaskInfo } from '../../contract/schemas/task.ts';
import { everything } from '../faults/fault-charts.ts';
import { type FaultWorld, halted, startFaultWorld } from '../faults/fault-world.ts';
import { revisionsOf } from '../faults/place.ts';
import { eventually } from '../harness/eventually.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

const lease = ['--leadership-lease-sec=6', '--leadership-renew-sec=1'];
/** Leads first, freezes with its engine in the middle of a change, and resumes. */
let world: FaultWorld;
/** Takes over meanwhile, and then freezes itself. */
let other: WalmServer;
let api: WalmApi;

beforeAll(async () => {
  world = await startFaultWorld(lease);
  other = await startWalmServer({ kubeconfig: world.kubeconfig, flags: lease });
  api = createWalmApi(other.url);
});
afterAll(async () => {
  await other.stop();
  await world.stop();
});

/** Makes the leader freeze at the point; resolves when it is frozen. */
async function freezeAt(point: string, begin: () => Promise<{ body: unknown }>): Promise<TaskInfo> {
  world.arm(point, 1);
  const { body } = await begin();
  expect(await halted(world, () => Promise.resolve(false), 0)).toBe(true);
  process.kill(world.server.pid, 'SIGSTOP');
  return (body as { task: TaskInfo }).task;
}

function wake(): void {
  world.letGo();
  world.server.children().forEach((pid) => process.kill(pid, 'SIGCONT'));
  process.kill(world.server.pid, 'SIGCONT');
}

const seen = (task: TaskInfo, expected: Partial<TaskInfo>, by = api) =>
  eventually(async () => expect((await by.task(task.id)).body).toMatchObject(expected));

/** Everything in a namespace that a change writes, with a field that every write changes. */
async function traces(namespace: string): Promise<Record<string, unknown>> {
  const kinds = ['api/v1/NS/secrets', 'api/v1/NS/configmaps', 'apis/batch/v1/NS/jobs'];
  const found = await Promise.all(
    kinds.map((kind) => world.kube.list(`/${kind.replace('NS', `namespaces/${namespace}`)}`)),
  );
  const workloads = await world.kube.list(`/apis/apps/v1/namespaces/${namespace}/deployments`);
  return Object.fromEntries([
    ...found.flat().map(({ metadata }) => [metadata.name, metadata.resourceVersion]),
    // What a controller writes into the status is not part of a change.
    ...workloads.map(({ metadata }) => [`deployment ${metadata.name}`, metadata.generation]),
  ]) as Record<string, unknown>;
}

test('an install that another replica is in the middle of is not cleared away', async () => {
  const namespace = await createNamespace(world.kube, 'frozen-install');
  const body = { name: 'app', configValues: { slow: 'pre-install' } };
  const task = await freezeAt('before engine.install', () =>
    world.api.install({ namespace, body, archive: everything.bytes, query: { async: true } }),
  );
  await seen(task, { state: 'running', attempt: 2 });
  await eventually(async () => {
    const job = await world.kube.find(`/apis/batch/v1/namespaces/${namespace}/jobs/app-pre-install`);
    expect(job).toBeDefined();
  });
  wake();
  await seen(task, { state: 'succeeded', attempt: 2 });
  const place = { world, namespace, oldPods: new Set<string>() };
  expect(await revisionsOf(place)).toEqual([{ release: 'app', revision: 1, status: 'deployed' }]);
  // Both show the same, and the present leader continues.
  await eventually(async () => expect((await world.api.get(namespace, 'app')).body.status).toBe('deployed'));
  const next = await api.upgrade({ namespace, body: { name: 'app', configValues: { value: 'two', slow: '' } } });
  expect(next.status, next.text).toBe(200);
});

test('server and engine that freeze in the middle of an upgrade write nothing when they wake up', async () => {
  const namespace = await createNamespace(world.kube, 'frozen-upgrade');
  // Since the test above the other one leads.
  await api.mustInstall({ namespace, body: { name: 'app' }, archive: everything.bytes });
  const body = { name: 'app', configValues: { value: 'two', slow: 'pre-upgrade' } };
  const { body: answer } = await api.upgrade({ namespace, body, query: { async: true } });
  const { task } = answer as { task: TaskInfo };
  const hook = `/apis/batch/v1/namespaces/${namespace}/jobs/app-pre-upgrade`;
  await eventually(async () => expect(await world.kube.find(hook)).toBeDefined());
  const pair = [...other.children(), other.pid];
  pair.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  await seen(task, { state: 'succeeded', attempt: 2 }, world.api);
  const before = await traces(namespace);
  // The engine first: it must stop by itself, without a word of the server.
  pair.forEach((pid) => process.kill(pid, 'SIGCONT'));
  await eventually(async () => {
    const { text } = await api.send('GET', '/metrics');
    const calls = text.split('\n').filter((line) => line.startsWith('walm_engine_call_duration_seconds_count'));
    expect(calls).toContain('walm_engine_call_duration_seconds_count{method="upgrade",outcome="failed"} 1');
  });
  expect(await traces(namespace)).toEqual(before);
  const place = { world, namespace, oldPods: new Set<string>() };
  expect(await revisionsOf(place)).toEqual([
    { release: 'app', revision: 1, status: 'superseded' },
    { release: 'app', revision: 2, status: 'failed' },
    { release: 'app', revision: 3, status: 'deployed' },
  ]);
});
