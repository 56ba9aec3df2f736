import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import type { TaskInfo } from '../../contract/schemas/task.ts';
import { buildChart, type ChartArchive } from '../harness/charts/chart-builder.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, createWalmApi, problemOf, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

const { kubeconfig, registry } = inject('surroundings');
const helm = createHelmCli(kubeconfig);
const kube = createKubeClient(kubeconfig);

let repository: ChartRepository;
let server: WalmServer;
let api: WalmApi;

const CONFIG_MAP = `
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-{{ .Chart.Name }}"}
data: {version: "{{ .Chart.Version }}", values: {{ omit .Values "global" | toJson | quote }}}
`;

/** A chart that shows its version and its values in a ConfigMap. */
function plain(version: string): ChartArchive {
  const schema = { properties: { password: { type: 'string', writeOnly: true } } };
  const files = { 'templates/config.yaml': CONFIG_MAP, 'values.yaml': 'size: 1\nlist: [a, b]\n' };
  return buildChart('plain', { ...files, 'values.schema.json': JSON.stringify(schema) }, version);
}

const SUBCHART = (name: string) => ({
  [`charts/${name}/Chart.yaml`]: `{apiVersion: v2, name: ${name}, version: 1.0.0}`,
  [`charts/${name}/values.yaml`]: 'level: low\n',
  [`charts/${name}/templates/config.yaml`]: CONFIG_MAP,
});
const umbrella = buildChart('umbrella', {
  'Chart.yaml': JSON.stringify({
    apiVersion: 'v2',
    name: 'umbrella',
    version: '1.0.0',
    dependencies: [
      { name: 'part', version: '1.0.0', alias: 'front' },
      { name: 'part', version: '1.0.0', alias: 'back' },
      { name: 'extra', version: '1.0.0', condition: 'extra.enabled' },
    ],
  }),
  'values.yaml': 'extra: {enabled: false}\nreplicas: 1\n',
  ...SUBCHART('part'),
  ...SUBCHART('extra'),
  'templates/secret.yaml': `
{{- $known := lookup "v1" "Secret" .Release.Namespace .Release.Name }}
apiVersion: v1
kind: Secret
metadata: {name: "{{ .Release.Name }}"}
data: {password: "{{ if $known }}{{ $known.data.password }}{{ else }}{{ randAlphaNum 12 | b64enc }}{{ end }}"}
`,
  'templates/web.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}, annotations: {note: "{{ .Values.note }}"}}
    spec: {containers: [{name: web, image: "nginx:1"}]}
`,
});

beforeAll(async () => {
  repository = await startChartRepository();
  ['1.0.0', '2.0.0', '3.0.0', '5.2.0'].forEach((version) => repository.add(plain(version)));
  repository.add(umbrella);
  server = await startWalmServer({
    kubeconfig,
    repositories: [{ name: 'stable', url: repository.url }],
    flags: ['--kubernetes-system-namespace=walm-upgrades', '--history-max=5'],
  });
  api = createWalmApi(server.url);
  await createNamespace(kube, 'upgrades');
});

afterAll(async () => {
  await server.stop();
  await repository.close();
  helm.close();
  kube.close();
});

async function data(name: string): Promise<{ version: string; values: Record<string, unknown> }> {
  const found = await kube.find(`/api/v1/namespaces/upgrades/configmaps/${name}`);
  if (found === undefined) throw new Error(`there is no ConfigMap ${name}`);
  const { version, values } = found['data'] as { version: string; values: string };
  return { version, values: JSON.parse(values) as Record<string, unknown> };
}

function done(answer: ApiAnswer): ApiAnswer {
  expect([answer.status, answer.text.slice(0, 500)]).toEqual([200, expect.any(String)]);
  return answer;
}

const upgrade = (body: Record<string, unknown> & { name: string }, query = {}, archive?: Buffer) =>
  api.upgrade({ namespace: 'upgrades', body, query, ...(archive && { archive }) });

describe('the chart of an upgrade', () => {
  beforeAll(async () => {
    const values = { size: 5, list: ['c'], password: 'p4ss' };
    const body = { name: 'web', chartName: 'plain', chartVersion: '1.0.0', configValues: values };
    await api.mustInstall({ namespace: 'upgrades', body });
  });

  test('comes from the archive before the image before the repository, and what is not named stays', async () => {
    done(await upgrade({ name: 'web', chartVersion: '2.0.0', releaseLabels: { a: 'b' } }));
    expect(await data('web-plain')).toEqual({ version: '2.0.0', values: { size: 5, list: ['c'], password: 'p4ss' } });
    expect((await api.get('upgrades', 'web')).body).toMatchObject({
      version: 2,
      chartVersion: '2.0.0',
      configValues: { size: 5, list: ['c'], password: '***' },
      releaseLabels: { a: 'b' },
    });
    const packed = join(helm.folder, 'plain-6.0.0.tgz');
    writeFileSync(packed, plain('6.0.0').bytes);
    await helm.run('push', packed, `oci://${registry}/upgrades`, '--plain-http');
    const sources = { chartImage: `${registry}/upgrades/plain:6.0.0`, chartName: 'plain', chartVersion: '5.2.0' };
    done(await upgrade({ name: 'web', ...sources }, {}, plain('6.1.0').bytes));
    expect((await data('web-plain')).version).toBe('6.1.0');
    const nowhere = await upgrade({ name: 'web', chartVersion: '6.2.0' });
    expect([nowhere.status, nowhere.body]).toMatchObject([422, { code: 'CHART_MISSING' }]);
    done(await upgrade({ name: 'web', ...sources }));
    expect((await data('web-plain')).version).toBe('6.0.0');
    const dry = await api.dryRun({
      namespace: 'upgrades',
      body: { name: 'web', ...sources },
      archive: plain('6.1.0').bytes,
    });
    expect(JSON.stringify(dry.body)).toContain('"version":"6.1.0"');
  });

  test('merges values, forgets what is unset, and keeps secrets that say ***', async () => {
    const configValues = { password: '***', deep: { a: { b: 1, c: 2 } }, size: null };
    done(await upgrade({ name: 'web', configValues, unset: ['list'] }));
    const { values } = await data('web-plain');
    expect(values).toEqual({ list: ['a', 'b'], password: 'p4ss', deep: { a: { b: 1, c: 2 } } });
    done(await upgrade({ name: 'web', unset: ['deep.a.b'], configValues: { size: 7 } }));
    expect((await data('web-plain')).values).toMatchObject({ size: 7, deep: { a: { c: 2 } } });
    done(await upgrade({ name: 'web', configValues: { password: '***' } }, { resetValues: true }));
    expect((await data('web-plain')).values).toEqual({ size: 1, list: ['a', 'b'], password: 'p4ss' });
    const odd = done(await upgrade({ name: 'web', unset: ['never.set'] }));
    expect(odd.body).toMatchObject({ warnings: [{ code: 'VALUE_NOT_SET' }] });
  });

  test('is refused where it cannot be: unknown names, old revisions, both with a stable code', async () => {
    const unknown = await upgrade({ name: 'nobody', chartName: 'plain' });
    expect([unknown.status, problemOf(unknown).code]).toEqual([404, 'RELEASE_NOT_FOUND']);
    const stale = await upgrade({ name: 'web' }, { expectedRevision: 1 });
    expect([stale.status, problemOf(stale).code]).toEqual([409, 'REVISION_MISMATCH']);
    const { version } = (await api.get('upgrades', 'web')).body;
    done(await upgrade({ name: 'web' }, { expectedRevision: version }));
    const exists = await api.install({ namespace: 'upgrades', body: { name: 'web', chartName: 'plain' } });
    expect([exists.status, problemOf(exists).code]).toEqual([409, 'RELEASE_EXISTS']);
    const body = { name: 'web', chartName: 'plain', chartVersion: '5.2.0' };
    done(await api.install({ namespace: 'upgrades', body, query: { upsert: true } }));
    expect((await data('web-plain')).version).toBe('5.2.0');
    done(await upgrade({ name: 'fresh', chartName: 'plain' }, { upsert: true }));
    expect((await api.get('upgrades', 'fresh')).body).toMatchObject({ version: 1, chartVersion: '5.2.0' });
  });

  test('sent twice with one Idempotency-Key happens once', async () => {
    const send = (size: number) =>
      api.send('PUT', '/api/v1/release/upgrades', {
        body: JSON.stringify({ name: 'fresh', configValues: { size } }),
        headers: { 'content-type': 'application/json', 'idempotency-key': 'once' },
      });
    const [first, second] = [done(await send(2)), done(await send(2))];
    expect(second.headers.get('walm-task-id')).toBe(first.headers.get('walm-task-id'));
    expect((await api.get('upgrades', 'fresh')).body.version).toBe(2);
    expect(problemOf(await send(3)).code).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});

test('a release that failed can be upgraded, and one that cannot become ready says why', async () => {
  const broken = { name: 'fresh', configValues: { size: 3 }, metaInfoParams: {} };
  const chart = buildChart('plain', { 'templates/bad.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: bad}\n' });
  expect((await upgrade(broken, {}, chart.bytes)).status).toBe(422);
  done(await upgrade({ name: 'fresh', chartName: 'plain', configValues: { size: 4 } }));
  expect((await data('fresh-plain')).values['size']).toBe(4);

  const crashing = buildChart('crashing', {
    'templates/web.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: {name: crash}
spec:
  selector: {matchLabels: {app: crash}}
  template:
    metadata: {labels: {app: crash}, annotations: {sandbox.walm.io/behaviour: crash-loop}}
    spec: {containers: [{name: web, image: "nginx:1"}]}
`,
  });
  const waiting = { namespace: 'upgrades', body: { name: 'crash' }, archive: crashing.bytes };
  const failed = await api.install({ ...waiting, query: { wait: true, timeoutSec: 300 } });
  expect(problemOf(failed)).toMatchObject({
    code: 'RELEASE_NOT_READY',
    details: { waitingFor: [expect.objectContaining({ kind: 'Pod', reason: 'CrashLoopBackOff' })] },
  });
});

describe('an umbrella chart whose repository is gone, after the server came back', () => {
  const objects = async () =>
    (await Promise.all(['configmaps', 'secrets'].map((kind) => kube.list(`/api/v1/namespaces/upgrades/${kind}`))))
      .flat()
      .filter(({ metadata }) => metadata.annotations?.['meta.helm.sh/release-name'] === 'big')
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
      .toSorted();

  test('keeps every object and every generated password', async () => {
    const body = { name: 'big', chartName: 'umbrella', configValues: { front: { level: 'high' } } };
    await api.mustInstall({ namespace: 'upgrades', body });
    const before = await objects();
    expect(before).toHaveLength(3);
    const password = (await kube.find('/api/v1/namespaces/upgrades/secrets/big'))?.['data'];

    await repository.close();
    await server.kill();
    server = await startWalmServer({
      kubeconfig,
      repositories: [{ name: 'stable', url: repository.url }],
      flags: ['--kubernetes-system-namespace=walm-upgrades'],
      after: server,
    });
    done(await upgrade({ name: 'big', configValues: { note: 'changed' } }, { wait: true }));
    expect(await objects()).toEqual(before);
    expect((await kube.find('/api/v1/namespaces/upgrades/secrets/big'))?.['data']).toEqual(password);
    const levels = await Promise.all(['big-front', 'big-back'].map(async (name) => (await data(name)).values['level']));
    expect(levels).toEqual(['high', 'low']);
    done(await upgrade({ name: 'big', configValues: { extra: { enabled: true } } }));
    expect(await objects()).toHaveLength(4);
    expect((await kube.find('/api/v1/namespaces/upgrades/secrets/big'))?.['data']).toEqual(password);
  });

  test('takes up what plain helm changed in between', async () => {
    const packed = join(helm.folder, 'umbrella.tgz');
    writeFileSync(packed, umbrella.bytes);
    await helm.run('upgrade', 'big', packed, '--namespace', 'upgrades', '--reuse-values', '--set', 'note=helm');
    await eventually(async () =>
      expect((await api.get('upgrades', 'big')).body).toMatchObject({ version: 4, outside: { revision: 3 } }),
    );
    done(await upgrade({ name: 'big', releaseLabels: { team: 'blue' } }));
    const { body } = await api.get('upgrades', 'big');
    expect(body).toMatchObject({ configValues: { note: 'helm' }, releaseLabels: { team: 'blue' } });
    expect(body).not.toHaveProperty('outside');
  });
});

test('an upgrade waits for a helm that is at work, or ends its operation by force', async () => {
  const locking = buildChart('locking', {
    'templates/config.yaml': CONFIG_MAP,
    'templates/hook.yaml': `
{{- if .Values.slow }}
apiVersion: batch/v1
kind: Job
metadata: {name: slow, annotations: {"helm.sh/hook": pre-upgrade, "helm.sh/hook-delete-policy": before-hook-creation}}
spec:
  template:
    metadata: {annotations: {sandbox.walm.io/behaviour: pending}}
    spec: {restartPolicy: Never, containers: [{name: slow, image: "busybox:1"}]}
{{- end }}
`,
  });
  const packed = join(helm.folder, 'locking.tgz');
  writeFileSync(packed, locking.bytes);
  await api.mustInstall({ namespace: 'upgrades', body: { name: 'locked' }, archive: locking.bytes });
  const hold = async () => {
    const held = helm.start('upgrade', 'locked', packed, '--set', 'slow=1', '--timeout', '30m', '-n', 'upgrades');
    await eventually(async () => expect((await api.get('upgrades', 'locked')).body.status).toBe('pending-upgrade'));
    return held;
  };
  const waited = await hold();
  const waiting = await upgrade({ name: 'locked', configValues: { slow: null, size: 2 } }, { async: true });
  const { task } = waiting.body as { task: TaskInfo };
  await eventually(async () => {
    const { state, progress } = (await api.task(task.id)).body;
    expect([state, progress?.message]).toEqual(['running', expect.stringContaining('locked by helm since')]);
  });
  expect((await api.get('upgrades', 'locked')).body.status).toBe('pending-upgrade');
  // It records that it was interrupted.
  waited.kill('SIGTERM');
  expect((await waited.ended).code).not.toBe(0);
  await eventually(async () => expect((await api.task(task.id)).body.state).toBe('succeeded'));
  expect((await api.get('upgrades', 'locked')).body).toMatchObject({ version: 3, status: 'deployed' });

  // That operation would continue for half an hour.
  const forced = await hold();
  done(await upgrade({ name: 'locked', configValues: { slow: null, size: 3 } }, { force: true }));
  forced.kill('SIGKILL');
  await forced.ended;
});
