import { afterAll, beforeAll, expect, test } from 'vitest';

import type { TaskInfo } from '../../contract/task.ts';
import { everything } from '../faults/fault-charts.ts';
import { type FaultWorld, halted, startFaultWorld } from '../faults/fault-world.ts';
import { revisionsOf } from '../faults/place.ts';
import { eventually } from '../harness/eventually.ts';
import { createNamespace } from '../harness/test-namespace.ts';
import { createWalmApi, type WalmApi } from '../harness/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/walm-server.ts';

const lease = ['--leadership-lease-sec=3', '--leadership-renew-sec=1'];
/** Leads, freezes with its engine in the middle of a change, and wakes up again. */
let world: FaultWorld;
/** Takes over meanwhile. */
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

/** Has the leader freeze at the point; answers when it is frozen. */
async function freezeAt(point: string, begin: () => Promise<{ body: unknown }>): Promise<TaskInfo> {
  world.arm(point, 1);
  const { body } = await begin();
  expect(await halted(world, () => false, 0)).toBe(true);
  process.kill(world.server.pid, 'SIGSTOP');
  return (body as { task: TaskInfo }).task;
}

function wake(): void {
  world.letGo();
  world.server.children().forEach((pid) => process.kill(pid, 'SIGCONT'));
  process.kill(world.server.pid, 'SIGCONT');
}

const seen = (task: TaskInfo, expected: Partial<TaskInfo>) =>
  eventually(async () => expect((await api.task(task.id)).body).toMatchObject(expected), { withinMs: 60_000 });

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
  // Both say the same of it, and whoever leads now goes on.
  await eventually(async () => expect((await world.api.get(namespace, 'app')).body.status).toBe('deployed'));
  const next = await api.upgrade({ namespace, body: { name: 'app', configValues: { value: 'two', slow: '' } } });
  expect(next.status, next.text).toBe(200);
});
