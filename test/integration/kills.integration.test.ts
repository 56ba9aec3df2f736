import { afterAll, beforeAll, expect, test } from 'vitest';

import type { TaskInfo } from '../../contract/schemas/task.ts';
import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli, type HelmCli } from '../harness/programs/helm-cli.ts';
import { killedChart, playWithKills } from '../harness/clients/killed-changes.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

/** These tests kill processes that others need: they have a sandbox and a server of their own. */
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let kube: KubeClient;
let helm: HelmCli;
let server: WalmServer;
let api: WalmApi;
let stopped = false;

const hooks = fixtureChart('hooks').bytes;
const slow = { slowSeconds: 3 };

beforeAll(async () => {
  sandbox = await startSandbox();
  const { kubeconfig } = sandbox.handle;
  kube = createKubeClient(kubeconfig);
  helm = createHelmCli(kubeconfig);
  server = await startWalmServer({ kubeconfig });
  api = createWalmApi(server.url);
});

afterAll(async () => {
  await server?.stop();
  helm?.close();
  kube?.close();
  if (!stopped) await sandbox?.stop();
});

async function begin(namespace: string, configValues = slow): Promise<TaskInfo> {
  await createNamespace(kube, namespace);
  const order = { namespace, body: { name: 'app', configValues }, archive: hooks };
  const answer = await api.install({ ...order, query: { async: true } });
  expect(answer.status, answer.text).toBe(202);
  await eventually(async () => {
    expect(await kube.find(`/apis/batch/v1/namespaces/${namespace}/jobs/app-pre-install`)).toBeDefined();
  });
  return (answer.body as { task: TaskInfo }).task;
}

/** The task has ended, nothing is pending, and the name can be used again. */
async function expectDefinite(namespace: string, id: string): Promise<TaskInfo> {
  const task = await eventually(async () => {
    const { body } = await api.task(id);
    expect(['succeeded', 'failed']).toContain(body.state);
    return body;
  });
  const records = JSON.parse(await helm.run('list', '-n', namespace, '-o', 'json')) as { status: string }[];
  expect(records.map(({ status }) => status)).toEqual(task.state === 'succeeded' ? ['deployed'] : []);
  await api.remove(namespace, 'app', { ignoreNotFound: true });
  await api.mustInstall({ namespace, body: { name: 'app' }, archive: hooks });
  expect((await api.get(namespace, 'app')).body).toMatchObject({ status: 'deployed' });
  return task;
}

test('the engine is killed in the middle of an install', async () => {
  const task = await begin('killed-engine');
  const [engine] = server.children();
  process.kill(engine ?? NaN, 'SIGKILL');
  await eventually(async () => {
    const chart = buildChart('small', {}).bytes;
    expect((await api.dryRun({ namespace: 'killed-engine', body: { name: 'probe' }, archive: chart })).status).toBe(
      200,
    );
  });
  await expectDefinite('killed-engine', task.id);
});

test('the server is killed in the middle of an install and comes back', async () => {
  const task = await begin('killed-server');
  await server.kill();
  server = await startWalmServer({ kubeconfig: sandbox.handle.kubeconfig, after: server });
  await expectDefinite('killed-server', task.id);
});

test('server and engine are killed together, with requests waiting behind', async () => {
  const task = await begin('killed-both');
  const other = await api.install({
    namespace: 'killed-both',
    body: { name: 'app' },
    archive: buildChart('small', {}).bytes,
    query: { async: true },
  });
  expect(other.status).toBe(202);
  const [engine] = server.children();
  await server.kill();
  try {
    process.kill(engine ?? NaN, 'SIGKILL');
  } catch {
    // It ended with its parent.
  }
  server = await startWalmServer({ kubeconfig: sandbox.handle.kubeconfig, after: server });
  const waiting = (other.body as { task: TaskInfo }).task.id;
  await eventually(async () => expect((await api.task(waiting)).body.finishedAt).toBeDefined());
  const first = (await api.task(task.id)).body.state;
  const second = (await api.task(waiting)).body;
  // The waiting install finds the name taken, or free if the first one failed.
  expect([`${first} ${second.state}`]).toContainEqual(expect.stringMatching(/^(succeeded failed|failed succeeded)$/));
  const records = JSON.parse(await helm.run('list', '-n', 'killed-both', '-o', 'json')) as {
    status: string;
  }[];
  expect(records.map(({ status }) => status)).toEqual(['deployed']);
});

test('SIGTERM finishes what runs, refuses what is new, and leaves no process', async () => {
  const task = await begin('terminated');
  const children = server.children();
  const exit = server.stop();
  expect(await exit).toBe(0);
  for (const pid of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  server = await startWalmServer({ kubeconfig: sandbox.handle.kubeconfig });
  api = createWalmApi(server.url);
  await expectDefinite('terminated', task.id);
});

test('an install that a short shutdown interrupts is handed back and started again', async () => {
  await server.stop();
  const { kubeconfig } = sandbox.handle;
  server = await startWalmServer({ kubeconfig, flags: ['--shutdown-sec=2'] });
  api = createWalmApi(server.url);
  const task = await begin('cut-off', { slowSeconds: 8 });
  await server.stop();
  server = await startWalmServer({ kubeconfig });
  api = createWalmApi(server.url);
  const ended = await expectDefinite('cut-off', task.id);
  expect(ended).toMatchObject({ state: 'succeeded' });
});

const SEEDS = (process.env['KILL_SEEDS'] ?? '1').split(' ').map(Number);
const STEPS = Number(process.env['KILL_STEPS'] ?? 5);

test.each(SEEDS)(
  'a release is what its model says after random changes, refusals and kills (seed %i)',
  async (seed) => {
    const namespace = await createNamespace(kube, `random-kills-${seed}`);
    await api.mustInstall({ namespace, body: { name: 'app' }, archive: killedChart });
    const victims = {
      async server() {
        await server.kill();
        server = await startWalmServer({ kubeconfig: sandbox.handle.kubeconfig, after: server });
        api = createWalmApi(server.url);
      },
      engine: () => server.children().forEach((pid) => process.kill(pid, 'SIGKILL')),
    };
    const log = await playWithKills({ api: () => api, kube, namespace }, victims, { seed, steps: STEPS });
    expect(log.length).toBeGreaterThan(STEPS);
  },
  60_000 + STEPS * 60_000,
);

test('a cluster that goes away is said', async () => {
  await sandbox.stop();
  stopped = true;
  await eventually(async () => expect((await api.send('GET', '/readiness')).status).toBe(503));
  expect((await api.send('GET', '/liveness')).status).toBe(200);
  const answer = await api.install({
    namespace: 'away',
    body: { name: 'app' },
    archive: buildChart('small', {}).bytes,
  });
  expect(answer.status, answer.text).toBe(503);
  expect(problemOf(answer).code).toBe('CLUSTER_UNREACHABLE');
});
