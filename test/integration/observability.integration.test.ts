import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { ServerStatus } from '../../contract/schemas/server-status.ts';
import type { AuditEntry } from '../../server/ports/runtime/audit-log.ts';
import { folderChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

const { kubeconfig, starter } = inject('surroundings');
const chart = folderChart(starter).bytes;
const folder = mkdtempSync(join(tmpdir(), 'walm-observed-'));
const auditFile = join(folder, 'audit.log');

let kube: KubeClient;
let namespace: string;
let server: WalmServer;
let api: WalmApi;

beforeAll(async () => {
  kube = createKubeClient(kubeconfig);
  namespace = await createNamespace(kube, 'observed');
  const flags = ['--kubernetes-system-namespace=walm-observed', `--audit-file=${auditFile}`, '--log-level=error'];
  server = await startWalmServer({ kubeconfig, flags });
  api = createWalmApi(server.url);
});

afterAll(async () => {
  await server?.stop();
  kube?.close();
  rmSync(folder, { recursive: true });
});

async function status(): Promise<ServerStatus> {
  const answer = await api.send('GET', '/api/v1/status');
  expect(answer.status).toBe(200);
  return answer.body as ServerStatus;
}

function audited(): AuditEntry[] {
  const lines = readFileSync(auditFile, 'utf8').trimEnd().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as AuditEntry);
}

describe('the status of the server', () => {
  test('shows every part and every watch, and since when', async () => {
    const told = await status();
    expect(told).toMatchObject({ healthy: true, stale: false, leading: true });
    expect(told.parts.map(({ name }) => name)).toEqual([
      'cluster',
      'engine',
      'live objects',
      'tasks',
      'repositories',
      'releases',
      'leader',
    ]);
    expect(told.watches.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['Pod', 'Helm record', 'Task', 'Event']),
    );
    for (const { since } of [...told.parts, ...told.watches]) {
      expect(Date.parse(since)).toBeGreaterThanOrEqual(Date.parse(told.startedAt));
      expect(Date.parse(since)).toBeLessThanOrEqual(Date.now());
    }
  });

  test('reports that the engine is gone, and is not ready meanwhile', async () => {
    const [engine = -1] = server.children();
    process.kill(engine, 'SIGSTOP');
    process.kill(engine, 'SIGKILL');
    await eventually(async () => {
      const { parts } = await status();
      const told = parts.find(({ name }) => name === 'engine');
      expect(told?.healthy === true && server.children()[0] !== engine).toBe(true);
      expect(Date.parse(told?.since ?? '')).toBeGreaterThan(Date.parse((await status()).startedAt));
    });
  });
});

describe('the audit log', () => {
  test('has every change with who, what, result and request id, and no reads and no values', async () => {
    const body = { name: 'traced', configValues: { replicaCount: 1, secretish: 'hush-hush' } };
    const installed = await api.mustInstall({ namespace, body, archive: chart });
    const requestId = installed.headers.get('x-request-id');
    const task = installed.headers.get('walm-task-id');
    await api.get(namespace, 'traced');
    const refused = await api.install({ namespace, body: { name: 'traced' }, archive: chart });
    expect(refused.status).toBe(409);
    const entries = await eventually(() => {
      const found = audited().filter(({ release }) => release === 'traced');
      expect(found).toHaveLength(3);
      return found;
    });
    expect(entries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          event: 'request',
          what: 'installReleaseWithChart',
          namespace,
          task,
          requestId,
          result: 'succeeded',
          status: 200,
        }),
        expect.objectContaining({
          event: 'task',
          what: 'install',
          namespace,
          task,
          requestId,
          result: 'succeeded',
          revision: 1,
        }),
        expect.objectContaining({ event: 'request', result: 'refused', code: 'RELEASE_EXISTS', status: 409 }),
      ]),
    );
    expect(readFileSync(auditFile, 'utf8')).not.toContain('hush-hush');
    // Changes are logged whatever the level of the log.
    expect(server.log()).toContain('"audit":{"event":"task"');
  });
});

test('the metrics tell of queues, watches, delays and the cache', async () => {
  const { text } = await api.send('GET', '/metrics');
  expect(text).toMatch(/^walm_queue_depth\{queue="releases"\} \d+$/m);
  expect(text).toMatch(/^walm_watch_lag_seconds\{kind="Pod"\} [\d.e-]+$/m);
  expect(text).toMatch(/^walm_view_delay_seconds_count [1-9]/m);
  expect(text).toMatch(/^walm_propagation_seconds_count \d+$/m);
  expect(text).toMatch(/^walm_cache_reads_total\{outcome="hit"\} [1-9]/m);
  expect(text).toMatch(/^walm_engine_call_duration_seconds_count\{method="install",outcome="ok"\} 1$/m);
  expect(text).toMatch(/^walm_task_duration_seconds_count\{operation="install",state="succeeded"\} 1$/m);
});
