import { readdirSync, readFileSync } from 'node:fs';
import { ResponseError } from 'vscode-jsonrpc/node';
import { expect, test } from 'vitest';
import { findOutputSecrets } from '../../domain/outputs/output-secrets.ts';
import { maskSecretValues } from '../../domain/secrets/secret-values.ts';
import type { DocumentChanges } from '../../domain/kube/manifest-document.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { HelmAdapter } from '../../ports/gate/gated-adapters.ts';
import { issuePass, type PassedCall } from '../../ports/gate/passes.ts';
import type { DocumentTransform, ReleaseContent } from '../../ports/helm/release-content.ts';
import { createDocumentTransforms } from './document-transforms.ts';
import { parseEngineInfo } from './engine-info.ts';
import { errorForEngine, problemOfEngine } from './engine-problem.ts';
import type { EngineProcess } from './engine-process.ts';
import { engineOver } from './helm-engine.ts';
import { createProgressListeners } from './progress-listeners.ts';
import { createSpillFolder, type SpilledText } from './spilled-text.ts';

type Fixture = { method: string; params: Record<string, unknown>; result?: unknown; error?: ErrorBody };
type ErrorBody = { code: number; message: string; data: unknown };

const folder = new URL('../../../engine/testdata/protocol/', import.meta.url);

function fixture(name: string): Fixture {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Fixture;
}

/** The server's side of the protocol against the recorded exchange: it must send what was recorded. */
function engineOf({ method, params, result, error }: Fixture): HelmAdapter {
  const process = {
    spill: createSpillFolder('/nowhere'),
    async request(asked: string, sent: object): Promise<unknown> {
      expect(asked).toBe(method);
      expect(JSON.parse(JSON.stringify(sent))).toEqual({ ...params, requestId: 'r1#1' });
      if (error !== undefined) throw problemOfEngine(new ResponseError(error.code, error.message, error.data), asked);
      return result;
    },
  } as unknown as EngineProcess;
  return engineOver(() => ({ engine: async () => process, stop: async () => undefined }));
}

const call = issuePass({ requestId: 'r1', term: null, seal: null });
const front = { identity: null, namespace: 'shop', name: 'front' };
const chart = fixture('chart-check').params['digest'] as string;
const bare = chart.replace('sha256:', '');
const content: ReleaseContent = { chart: bare, values: {} };
const times = { timeoutMs: 60_000, crds: 'create' } as const;
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'front' };
const summary = { name: 'front', namespace: 'shop', chartName: 'web', chartVersion: '0.1.0', labels: { team: 'red' } };

/** Each recorded exchange: how to call it through the port, and the expected result. */
const exchanges: Record<string, [ask: (engine: HelmAdapter) => Promise<unknown>, answer: unknown]> = {
  'chart-check': [
    (engine) => engine.checkChart(bare, call),
    { digest: bare, bytes: expect.any(Number) as number, name: 'web', version: '0.1.0' },
  ],
  'chart-inspect': [
    (engine) => engine.inspectChart(bare, call),
    expect.objectContaining({
      digest: bare,
      values: { replicas: 1 },
      schemas: [{ path: [], schema: { type: 'object' } }],
      crds: [{ name: 'widgets.example.test', file: 'web/crds/widget.yaml' }],
      metaFiles: { 'metainfo.yaml': Buffer.from('params: []\n') },
      readWords: ['Values', 'replicas'],
    }),
  ],
  'chart-lint': [
    (engine) => engine.lintChart(bare, call),
    [
      { file: 'values.yaml', faults: [], isLeftOut: false },
      {
        file: 'ci/large-values.yaml',
        faults: [
          {
            code: 'MANIFEST_INVALID',
            message: 'web/templates/cm.yaml: not YAML',
            details: { file: 'web/templates/cm.yaml' },
          },
        ],
        isLeftOut: false,
      },
      { file: 'ci/late-values.yaml', faults: [], isLeftOut: true },
    ],
  ],
  'chart-fetch': [
    (engine) => engine.fetchChart(fixture('chart-fetch').params['source'] as never, call),
    expect.objectContaining({ digest: bare, reference: expect.stringContaining('web-0.1.0.tgz') as string }),
  ],
  'repository-index': [
    (engine) =>
      engine.listRepository({ url: fixture('repository-index').params['url'] as string }, { chart: 'web' }, call),
    {
      charts: [{ name: 'web', versions: [expect.objectContaining({ version: '0.1.0', deprecated: false })] }],
      index: '00'.repeat(32),
      next: { chart: 'web', versions: 1 },
      skipped: { entries: [], count: 0 },
      total: 2,
      chartCount: 1,
    },
  ],
  'release-render': [
    (engine) => {
      const releaseConfig = fixture('release-render').params['releaseConfig'] as never;
      return engine.render({ ...front, ...content, values: { replicas: 2 }, releaseConfig, isUpgrade: false }, call);
    },
    expect.objectContaining({
      documents: [expect.objectContaining(configMap), expect.objectContaining({ kind: 'ReleaseConfig' })],
      hooks: [expect.objectContaining({ name: 'hook', hook: expect.objectContaining({ weight: -1 }) as object })],
      crds: [expect.objectContaining({ name: 'widgets.example.test', namespace: '' })],
      computedValues: { replicas: 2 },
    }),
  ],
  'release-install': [
    (engine) => {
      const options = { labels: { team: 'red' }, description: 'first' };
      return engine.install({ ...front, ...content, values: { replicas: 2 }, ...times, ...options }, call);
    },
    expect.objectContaining({
      ...summary,
      revision: 1,
      status: 'deployed',
      config: { replicas: 2 },
      objects: [expect.objectContaining(configMap)],
      releaseConfig: null,
      metaFiles: { 'metainfo.yaml': Buffer.from('params: []\n') },
    }),
  ],
  'release-upgrade': [
    (engine) => {
      const options = { maxHistory: 10, expectedRevision: 1 };
      return engine.upgrade({ ...front, ...content, values: { replicas: 3 }, ...times, ...options }, call);
    },
    expect.objectContaining({ ...summary, revision: 2, computedValues: { replicas: 3 } }),
  ],
  'release-rewrite': [
    (engine) => {
      const options = {
        base: 1,
        releaseConfig: null,
        description: 'paused',
        forceConflicts: true,
        hooks: 'none',
      } as const;
      const transform = { always: true, run: () => ({ changed: [], added: [], warnings: [] }) };
      const guard = { timeoutMs: 60_000, maxHistory: 10, expectedRevision: 2 };
      return engine.rewriteRelease({ ...front, ...options, ...guard, transform }, call);
    },
    expect.objectContaining({
      ...summary,
      revision: 3,
      warnings: [
        expect.objectContaining({ code: 'KIND_UNKNOWN', object: expect.objectContaining({ kind: 'Gone' }) as object }),
      ],
    }),
  ],
  'release-get': [
    (engine) => engine.getRelease(front, 1, call),
    expect.objectContaining({ ...summary, revision: 1, status: 'superseded' }),
  ],
  'release-get-nothing': [
    (engine) => {
      const extra = { 'example.org/scopes': ['read', 'write'] };
      const identity = { user: 'jane', groups: ['system:masters'], uid: '6b1f', extra };
      return engine.getRelease({ ...front, identity, name: 'nothing' }, undefined, call);
    },
    null,
  ],
  'release-get-many': [
    (engine) => engine.getReleases(fixture('release-get-many').params['releases'] as never, call),
    [
      expect.objectContaining({ ...summary, revision: 1, config: { replicas: 2 } }),
      null,
      expect.objectContaining({ code: 'FORBIDDEN' }),
    ],
  ],
  'release-test': [
    (engine) => engine.testRelease({ ...front, timeoutMs: 60_000, filter: ['probe'] }, call),
    [expect.objectContaining({ name: 'probe', phase: 'Failed', message: 'pod probe failed', log: 'no answer\n' })],
  ],
  'release-compare': [
    (engine) => engine.compareLive({ ...front, revision: 1 }, call),
    [
      expect.objectContaining({ ...configMap, live: expect.objectContaining({ data: { replicas: '3' } }) as object }),
      expect.objectContaining({
        index: 1,
        live: null,
        applied: null,
        message: expect.stringContaining('serve') as string,
      }),
    ],
  ],
  'release-pack-chart': [
    (engine) => engine.packRecordedChart(front, 2, call),
    { digest: bare, bytes: 714, name: 'web', version: '0.1.0' },
  ],
  'release-list': [(engine) => engine.listReleases(null, 'shop', call), [expect.objectContaining(summary)]],
  'release-history': [
    (engine) => engine.releaseHistory(front, call),
    [expect.objectContaining({ revision: 1 }), expect.objectContaining({ revision: 2, status: 'deployed' })],
  ],
  'release-settle': [
    (engine) => engine.settle({ ...front, revision: 2, description: 'its server died' }, call),
    undefined,
  ],
  'release-uninstall': [
    (engine) =>
      engine.uninstall(
        { ...front, timeoutMs: 60_000 },
        issuePass({ ...call, term: { number: 1, untilMs: 1767225600000 } }),
      ),
    expect.objectContaining({
      revision: 2,
      warnings: [expect.objectContaining({ code: 'OBJECT_KEPT', object: configMap })],
    }),
  ],
  'release-foretell-removal': [
    (engine) => engine.foretellRemoval({ ...front, except: 1 }, call),
    {
      revision: 2,
      objects: [{ object: configMap, outcome: 'kept', reason: 'its resource policy says that it is kept' }],
      warnings: [],
    },
  ],
  'release-remove-failed-install': [
    (engine) => engine.removeFailedInstall({ ...front, name: 'back', timeoutMs: 60_000 }, call),
    { removed: [{ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'ok' }], kept: [] },
  ],
  'objects-merge-keys': [
    (engine) =>
      engine.mergeKeys(
        [
          { apiVersion: 'v1', kind: 'Service' },
          { apiVersion: 'example.test/v1', kind: 'Web' },
        ],
        call,
      ),
    [{ 'metadata/finalizers': '', 'spec/ports': 'port' }, {}],
  ],
  'objects-resources': [
    (engine) => engine.listResources(call),
    expect.arrayContaining([expect.objectContaining({ kind: 'Deployment', plural: 'deployments', namespaced: true })]),
  ],
};

test.each(Object.entries(exchanges))('%s', async (name, [ask, answer]) => {
  expect(await ask(engineOf(fixture(name)))).toEqual(answer);
});

test.each([
  ['error-release-exists', { ...front, ...content, ...times }, { code: 'RELEASE_EXISTS', details: { revision: 2 } }],
  [
    'error-manifest-invalid',
    { ...front, name: 'back', ...content, ...times },
    { code: 'MANIFEST_INVALID', object: { kind: 'Service', name: 'svc' }, details: { field: 'spec.ports[0].port' } },
  ],
  ['error-cancelled', { ...front, name: 'slow', ...content, ...times }, { code: 'CANCELLED' }],
])('%s', async (name, request, problem) => {
  const recorded = fixture(name);
  const asked = { ...request, chart: recorded.params['chart'] as string };
  await expect(engineOf(recorded).install(asked, call)).rejects.toMatchObject({ name: 'ProblemError', ...problem });
});

test('initialize', () => {
  expect(parseEngineInfo(fixture('initialize').result)).toMatchObject({ helmVersion: 'v4.3.1' });
});

test('notification-lead', () => {
  const { method, params } = fixture('notification-lead');
  const sent: unknown[] = [];
  const process = { ended: new Promise(() => undefined), onNotification: () => undefined, onRequest: () => undefined };
  const notify = (...message: unknown[]) => sent.push(message);
  const engine = engineOver((onStart) => {
    onStart({ ...process, notify } as unknown as EngineProcess);
    return { engine: () => Promise.reject(new Error('nothing is asked')), stop: async () => undefined };
  });
  engine.renewTerm({ number: 1, untilMs: 1767225600000 });
  expect(sent).toEqual([[method, params]]);
});

test('notification-progress', () => {
  const { params } = fixture('notification-progress');
  const received: unknown[] = [];
  const listeners = createProgressListeners();
  const { requestId, forget } = listeners.register({
    requestId: 'r1',
    onProgress: (progress) => received.push(progress),
  });
  listeners.receive({ ...params, requestId });
  listeners.receive({ ...params, requestId: 'another' });
  forget();
  listeners.receive({ ...params, requestId });
  expect(received).toEqual([expect.objectContaining({ phase: params['phase'], message: params['message'] })]);
});

test('documents-transform', async () => {
  const { params, result } = fixture('documents-transform');
  const [transforms, spill] = [createDocumentTransforms(), createSpillFolder('/nowhere')];
  await expect(transforms.answer(params, spill)).rejects.toMatchObject({ code: 'INTERNAL' });
  const changes = await spill.json(result as SpilledText);
  const asked: unknown[] = [];
  const transform: DocumentTransform = {
    always: true,
    run(documents, { recorded, compared, served }) {
      asked.push(
        documents[0],
        recorded && compared,
        served('v1', 'Secret'),
        served('v1', 'Gone'),
        served('v2', 'Secret'),
      );
      if (asked.length > 5) throw problem('VALUES_INVALID', 'not twice');
      return changes as unknown as DocumentChanges;
    },
  };
  const { name, failure, forget } = transforms.register({ transform });
  expect(name).toBe(params['token']);
  expect(await transforms.answer(params, spill)).toEqual(result);
  expect(asked).toEqual([expect.objectContaining(configMap), true, true, false, false]);
  expect(failure()).toBeUndefined();
  await expect(transforms.answer(params, spill)).rejects.toMatchObject({ message: 'not twice' });
  expect(errorForEngine(failure()).data).toMatchObject({ code: 'VALUES_INVALID', message: 'not twice' });
  expect(errorForEngine(new Error('a secret')).message).not.toContain('secret');
  forget();
  await expect(transforms.answer(params, spill)).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('outputs-secrets', async () => {
  const { params, result } = fixture('outputs-secrets');
  const [transforms, spill] = [createDocumentTransforms(), createSpillFolder('/nowhere')];
  await expect(transforms.hideSecrets(params, spill)).rejects.toMatchObject({ code: 'INTERNAL' });
  const run = () => ({ changed: [], added: [], warnings: [] });
  const rules = { schemas: [], paths: [['auth', 'password']] };
  const first = transforms.register({
    transform: {
      always: false,
      run,
      hideSecrets: (shipped) => ({
        outputs: findOutputSecrets(shipped, rules),
        spec: { configValues: maskSecretValues(shipped.computedValues, rules) },
      }),
    },
  });
  expect(first.name).toBe(params['token']);
  expect(await transforms.hideSecrets(params, spill)).toEqual(result);
  const second = transforms.register({ transform: { always: false, run } });
  const nothing = { inline: '{"outputs":[],"spec":{}}' };
  expect(await transforms.hideSecrets({ ...params, token: second.name }, spill)).toEqual(nothing);
});

test('release-seal', async () => {
  const { params, result } = fixture('release-seal');
  const transforms = createDocumentTransforms();
  await expect(transforms.seal(params)).rejects.toMatchObject({ code: 'INTERNAL' });
  const asked: unknown[] = [];
  const { name, failure } = transforms.register({
    seal(facts) {
      asked.push(facts);
      if (asked.length > 1) throw problem('SEAL_KEY_INVALID', 'no key');
      return Promise.resolve((result as { seal: string }).seal);
    },
  });
  expect(name).toBe(params['token']);
  expect(await transforms.seal(params)).toEqual(result);
  const { text, ...facts } = params['facts'] as Record<string, unknown>;
  expect([asked, text]).toEqual([[facts], '']);
  await expect(transforms.seal(params)).rejects.toMatchObject({ message: 'no key' });
  expect(failure()).toMatchObject({ code: 'SEAL_KEY_INVALID' });
});

test('no writing request is sent without a pass that the gate issued, whatever the compiler was told', async () => {
  const engine = engineOver(() => ({
    engine: () => Promise.reject(new Error('asked the engine')),
    stop: () => Promise.resolve(),
  }));
  const forged = { requestId: 'r1', term: null, seal: null } as PassedCall;
  const writes: ((given: PassedCall) => Promise<unknown>)[] = [
    (given) => engine.install({ ...front, ...content, ...times }, given),
    (given) => engine.upgrade({ ...front, ...content, ...times, maxHistory: 10 }, given),
    (given) => engine.rewriteRelease({ ...front, ...times, maxHistory: 10, releaseConfig: null, hooks: 'none' }, given),
    (given) => engine.uninstall({ ...front, ...times }, given),
    (given) => engine.settle({ ...front, revision: 1, description: '' }, given),
    (given) => engine.removeFailedInstall({ ...front, ...times }, given),
    (given) => engine.testRelease({ ...front, ...times }, given),
  ];
  for (const write of writes) {
    await expect(write(forged)).rejects.toThrow('has not gone through the gate');
    await expect(write(call)).rejects.toThrow('asked the engine');
  }
});

test('every fixture is used here', () => {
  const elsewhere = [
    'ping.json',
    'notification-discovery-changed.json',
    'initialize.json',
    'notification-lead.json',
    'notification-progress.json',
    'documents-transform.json',
    'outputs-secrets.json',
    'release-seal.json',
  ];
  const used = [...Object.keys(exchanges).map((name) => `${name}.json`), ...elsewhere];
  const errors = readdirSync(folder).filter((name) => name.startsWith('error-'));
  expect(readdirSync(folder).toSorted()).toEqual([...used, ...errors].toSorted());
});
