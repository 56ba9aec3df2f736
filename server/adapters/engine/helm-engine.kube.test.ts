import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../domain/json/json.ts';
import { isJsonObject } from '../../domain/json/json.ts';
import type { DocumentChanges, ManifestDocument } from '../../domain/kube/manifest-document.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildChart } from '../../../test/harness/charts/chart-builder.ts';
import { eventually } from '../../../test/harness/eventually.ts';
import { createKubeClient } from '../../../test/harness/clients/kube-client.ts';
import { createNamespace } from '../../../test/harness/clients/test-namespace.ts';
import { createHelmCli, type HelmCli } from '../../../test/harness/programs/helm-cli.ts';
import { startTestEngine, type TestEngine } from '../../../test/harness/programs/test-engine.ts';
import { person } from '../../../test/harness/fakes/person.ts';

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n';
const plain = buildChart('plain', { 'templates/cm.yaml': configMap });
const waiting = buildChart('waiting', {
  'templates/cm.yaml': configMap,
  'templates/hook.yaml': [
    'apiVersion: v1',
    'kind: Pod',
    'metadata: {name: never, annotations: {helm.sh/hook: pre-install}}',
    'spec: {nodeSelector: {no: such-node}, containers: [{name: c, image: c}]}',
  ].join('\n'),
});
const options = { values: {}, timeoutMs: 600_000, crds: 'create' } as const;

let started: TestEngine;
let helm: HelmCli;

beforeAll(() => {
  const { kubeconfig } = inject('sandbox');
  started = startTestEngine(kubeconfig);
  helm = createHelmCli(kubeconfig);
});
afterAll(async () => {
  helm.close();
  await started.stop();
});

function release() {
  return { identity: null, namespace: 'default', name: `engine-${randomUUID().slice(0, 8)}` };
}

test('a release of the engine is one of the helm command, and the other way round', async () => {
  const target = release();
  const phases: string[] = [];
  const call = { requestId: 'test', onProgress: ({ phase }: { phase: string }) => phases.push(phase) };
  const installed = await started.engine.install({ ...target, chart: started.add(plain), ...options }, call);
  expect(installed).toMatchObject({ revision: 1, status: 'deployed', chartName: 'plain' });
  expect(phases).toEqual(expect.arrayContaining(['validate', 'render', 'record', 'apply']));

  expect(await helm.run('get', 'manifest', target.name, '-n', 'default')).toBe(`${installed.manifest}\n`);
  await helm.run('rollback', target.name, '1', '-n', 'default');
  expect(await started.engine.getRelease(target)).toMatchObject({ revision: 2, status: 'deployed' });
  await helm.run('uninstall', target.name, '-n', 'default');
  expect(await started.engine.getRelease(target)).toBeNull();
});

test('an engine that is killed in an install leaves a revision that can be settled and removed', async () => {
  const target = release();
  const request = { ...target, chart: started.add(waiting), ...options };
  const hooked = Promise.withResolvers<void>();
  const call = {
    onProgress: ({ message }: { message: string }) => {
      if (message.startsWith('waiting for hook')) hooked.resolve();
    },
  };
  const dying = started.engine.install(request, call);
  await Promise.race([hooked.promise, dying]);
  process.kill(started.pids.at(-1)!, 'SIGKILL');
  await expect(dying).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });

  expect(await started.engine.getRelease(target)).toMatchObject({ revision: 1, status: 'pending-install' });
  await expect(started.engine.install(request)).rejects.toMatchObject({ code: 'RELEASE_LOCKED' });
  await started.engine.settle({ ...target, revision: 1, description: 'its engine died' });
  const { removed } = await started.engine.removeFailedInstall({ ...target, timeoutMs: 600_000 });
  expect(removed.map(({ kind }) => kind)).toContain('Pod');
  expect(await started.engine.releaseHistory(target)).toEqual([]);
});

test('everything is done as the caller, with the rights of the caller', async () => {
  const kube = createKubeClient(inject('sandbox').kubeconfig);
  const namespace = await createNamespace(kube, `engine-${randomUUID().slice(0, 8)}`);
  const identity = person(`visitor-${namespace}`, ['guests']);
  const target = { identity, namespace, name: 'mine' };
  const request = { ...target, chart: started.add(plain), ...options };
  await expect(started.engine.install(request)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(started.engine.getRelease(target)).rejects.toMatchObject({ code: 'FORBIDDEN' });

  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  await kube.create(`${rbac}/roles`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'installers' },
    rules: [{ apiGroups: [''], resources: ['secrets', 'configmaps'], verbs: ['*'] }],
  });
  await kube.create(`${rbac}/rolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'guests' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'installers' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'guests' }],
  });
  await eventually(async () => {
    expect(await started.engine.install(request)).toMatchObject({ revision: 1, status: 'deployed' });
  });
  const pods = buildChart('pods', { 'templates/p.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n' });
  const beyond = started.engine.install({ ...request, name: 'beyond', chart: started.add(pods) });
  await expect(beyond).rejects.toMatchObject({ code: 'FORBIDDEN' });
  kube.close();
});

test('a cancelled install ends as cancelled', async () => {
  const target = release();
  const cancellation = new AbortController();
  const call = {
    signal: cancellation.signal,
    onProgress: ({ message }: { message: string }) => {
      if (message.startsWith('waiting for hook')) cancellation.abort();
    },
  };
  const request = { ...target, chart: started.add(waiting), ...options };
  await expect(started.engine.install(request, call)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(await started.engine.getRelease(target)).toMatchObject({ status: 'failed', description: 'cancelled' });
  await started.engine.removeFailedInstall({ ...target, timeoutMs: 600_000 });
});

/** Changes every ConfigMap so that it contains `mark`. */
function marking(mark: string) {
  const marked = ({ object }: ManifestDocument): JsonObject => ({ ...object, data: { mark } });
  return (documents: readonly ManifestDocument[]): DocumentChanges => ({
    changed: documents
      .filter(({ kind }) => kind === 'ConfigMap')
      .map((document) => ({ index: document.index, object: marked(document) })),
    added: [],
    warnings: [{ code: 'TEST', message: mark }],
  });
}

const dataOf = ({ object }: ManifestDocument) => (isJsonObject(object['data']) ? object['data'] : {});

test('documents are changed on the way, also long ones, and a recorded release is rewritten', async () => {
  const target = release();
  const long = 'x'.repeat(100_000);
  const transform = { always: true, run: marking(long) };
  const installed = await started.engine.install({ ...target, chart: started.add(plain), ...options, transform });
  expect(installed).toMatchObject({ warnings: [{ code: 'TEST', message: long }] });
  expect(installed.objects.map(dataOf)).toEqual([{ mark: long }]);

  const seen: boolean[] = [];
  const rewritten = await started.engine.rewriteRelease({
    ...target,
    releaseConfig: null,
    values: { by: 'rewrite' },
    timeoutMs: 600_000,
    maxHistory: 10,
    expectedRevision: 1,
    hooks: 'none',
    transform: {
      always: true,
      run(documents, { recorded, served }) {
        seen.push(recorded, served('v1', 'ConfigMap'), served('v1', 'Unheard'));
        return marking('short')(documents);
      },
    },
  });
  expect(seen).toEqual([true, true, false]);
  expect(rewritten).toMatchObject({ revision: 2, status: 'deployed', config: { by: 'rewrite' } });
  expect(rewritten.objects.map(dataOf)).toEqual([{ mark: 'short' }]);
  await helm.run('uninstall', target.name, '-n', 'default');
});

test('what a transform throws is what the operation fails with, and nothing is left', async () => {
  const target = release();
  const request = { ...target, chart: started.add(plain), ...options };
  const object = { kind: 'ConfigMap', name: 'x' };
  for (const thrown of [problem('VALUES_INVALID', 'not so', { path: '/a' }, object), new Error('a defect')]) {
    const run = () => {
      throw thrown;
    };
    const failing = started.engine.install({ ...request, transform: { always: true, run } });
    await expect(failing).rejects.toBe(thrown);
  }
  expect(await started.engine.getRelease(target)).toBeNull();
});

test('an engine that dies during a call-back leaves no call hanging', async () => {
  const target = release();
  const run = (): DocumentChanges => {
    process.kill(started.pids.at(-1)!, 'SIGKILL');
    return { changed: [], added: [], warnings: [] };
  };
  const dying = started.engine.install({
    ...target,
    chart: started.add(plain),
    ...options,
    transform: { always: true, run },
  });
  await expect(dying).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
  expect(await started.engine.getRelease(target)).toBeNull();
});
