import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { freezeDeployment } from '../harness/clients/frozen-deployment.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
afterAll(() => kube.close());

const STEPS = Number(process.env['REFUSAL_STEPS'] ?? 40);
const SEEDS = (process.env['REFUSAL_SEEDS'] ?? '1 2').split(' ').map(Number);

const deployment = (name: string, replicas: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
---`;
const chart = buildChart('model', {
  'values.yaml': 'replicas: 2\nmode: ReadWriteOnce\nnote: none\nextra: false\n',
  'templates/all.yaml': `${deployment('web', 'replicas: {{ .Values.replicas }}')}${deployment('scaled', '')}${deployment('fixed', 'replicas: 1')}
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [{{ .Values.mode }}], storageClassName: null, resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: note}
data: {note: {{ .Values.note | quote }}}
{{ if .Values.extra }}
---
apiVersion: v1
kind: Service
metadata: {name: extra}
spec: {ports: [{port: 80}]}
{{ end }}
`,
}).bytes;

/** The codes that a refusal may have. Any other code, and any 5xx, is a defect. */
const REFUSALS = new Set([
  'ADMISSION_REFUSED',
  'FIELD_CONFLICT',
  'FIELD_IMMUTABLE',
  'MANIFEST_INVALID',
  'QUOTA_EXCEEDED',
  'RELEASE_PAUSED',
]);

/** The expected release: all changes that succeeded, and none of those that did not. */
type Facts = { revision: number; values: Record<string, unknown>; labels: Record<string, string> };
type Model = { now: Facts; before: Facts[]; newest: number; paused: boolean; scaled: number; fixed: number };

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = Math.trunc(state + 0x6d_2b_79_f5);
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const replicasOf = async (namespace: string, name: string) => {
  const found = await kube.find(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  return (found?.['spec'] as { replicas?: number } | undefined)?.replicas;
};

/** Scales as kubectl does, and waits until Walm has seen it: a pause records the count that Walm sees. */
async function scaleTo(namespace: string, workload: string, replicas: number): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${workload}/scale`;
  const { status } = await kube.call('PATCH', path, { spec: { replicas } }, 'application/merge-patch+json');
  expect(status).toBe(200);
  await eventually(async () => {
    const { body } = await api.get(namespace, 'app');
    const scaled = body.releaseStatus?.deployments.find(({ name }) => name === workload);
    expect(scaled?.expectedReplicas).toBe(replicas);
  });
}

/** From now on the namespace has no room for a Service. */
async function tighten(quota: string): Promise<void> {
  const kind = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'tight' } };
  await kube.create(quota.replace('/tight', ''), { ...kind, spec: { hard: { 'count/services': '0' } } });
  await eventually(async () =>
    expect((await kube.find(quota))?.['status']).toMatchObject({ hard: { 'count/services': '0' } }),
  );
}

/** One run: the moves of a seed, each followed by a comparison of the release with its model. */
async function play(namespace: string, seed: number): Promise<string[]> {
  const random = randomOf(seed);
  const pick = <T>(entries: readonly T[]): T => entries[Math.floor(random() * entries.length)] as T;
  const log: string[] = [];
  let thaw: (() => Promise<void>) | null = null;
  const quota = `/api/v1/namespaces/${namespace}/resourcequotas/tight`;
  let isTight = false;
  const first: Facts = { revision: 1, values: {}, labels: {} };
  const model: Model = { now: first, before: [], newest: 1, paused: false, scaled: 1, fixed: 1 };

  const post = (what: string) => api.send('POST', `/api/v1/release/${namespace}/name/app/${what}`);
  const upgrade = (configValues: Record<string, unknown>, releaseLabels: Record<string, string> = {}) =>
    api.upgrade({ namespace, body: { name: 'app', configValues, releaseLabels } });

  /** Whether the change succeeded; a refused change must leave the model as it is. */
  function cameTrue(what: string, answer: ApiAnswer): boolean {
    const refusal = answer.status === 200 ? '' : problemOf(answer).code;
    log.push(`${what} ${refusal}`);
    expect(answer.status, `${log.join('\n')}\n${answer.text}`).toBeLessThan(500);
    expect(refusal === '' || REFUSALS.has(refusal), `${log.join('\n')}\n${answer.text}`).toBe(true);
    return refusal === '';
  }

  async function change(what: string, answer: Promise<ApiAnswer>, facts: Partial<Facts>, rest: Partial<Model> = {}) {
    const isTrue = cameTrue(what, await answer);
    const { body } = await api.get(namespace, 'app');
    if (isTrue && body.version !== model.now.revision) {
      model.before.push(model.now);
      model.now = { ...model.now, ...facts, revision: body.version };
      Object.assign(model, rest);
    }
  }

  const merged = (values: Record<string, unknown>) => ({ values: { ...model.now.values, ...values } });
  const moves: Record<string, () => Promise<void>> = {
    async upgrade() {
      const values = { replicas: 1 + Math.floor(random() * 4), note: pick(['a', 'b', 'c']) };
      await change(`upgrade ${JSON.stringify(values)}`, upgrade(values), merged(values));
    },
    async immutable() {
      const values = { mode: 'ReadWriteMany', replicas: 7, note: 'immutable' };
      await change('immutable', upgrade(values, { bad: 'x' }), merged(values));
    },
    async extra() {
      const values = { extra: random() < 0.5, replicas: 1 + Math.floor(random() * 4) };
      await change(`extra ${JSON.stringify(values)}`, upgrade(values), merged(values));
    },
    async relabel() {
      const tier = pick(['x', 'y', 'z']);
      await change(`relabel ${tier}`, upgrade({}, { tier }), { labels: { ...model.now.labels, tier } });
    },
    pause: () => change('pause', post('pause'), {}, { paused: true }),
    recover: () => change('recover', post('recover'), {}, { paused: false }),
    async rollback() {
      // After a failed attempt a rollback without a number goes to what is running; a numbered revision is always the
      // same.
      const goal = model.before.at(-1);
      if (goal !== undefined) {
        await change(
          `rollback ${goal.revision}`,
          post(`rollback?revision=${goal.revision}`),
          { values: goal.values },
          { fixed: 1 },
        );
      }
    },
    async restart() {
      cameTrue('restart', await post('restart'));
    },
    async adopt() {
      cameTrue('adopt', await post('adopt'));
    },
    async scale() {
      if (!model.paused) {
        // The chart sets the replicas of one of them, and not of the other.
        const workload = pick(['scaled', 'fixed'] as const);
        model[workload] = 1 + Math.floor(random() * 5);
        log.push(`scale ${workload} to ${model[workload]}`);
        await scaleTo(namespace, workload, model[workload]);
      }
    },
    async conflict() {
      log.push('conflict');
      const note = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'note' }, data: { note: 'theirs' } };
      const path = `/api/v1/namespaces/${namespace}/configmaps/note?fieldManager=someone&force=true`;
      await kube.call('PATCH', path, note, 'application/apply-patch+yaml');
    },
    async admission() {
      log.push(thaw === null ? 'freeze' : 'thaw');
      thaw = thaw === null ? await freezeDeployment(kube, namespace, 'web') : (await thaw(), null);
    },
    async quota() {
      log.push(isTight ? 'quota off' : 'quota on');
      await (isTight ? kube.remove(quota) : tighten(quota));
      isTight = !isTight;
    },
  };

  const names = ['upgrade', 'upgrade', 'immutable', 'extra', 'relabel', 'pause', 'pause', 'recover', 'recover'];
  const all = [...names, 'rollback', 'restart', 'adopt', 'scale', 'conflict', 'admission', 'admission', 'quota'];
  for (let step = 0; step < STEPS; step += 1) {
    await moves[pick(all)]?.();
    const { body } = await api.get(namespace, 'app');
    const told = log.join('\n');
    expect(body, told).toMatchObject({
      version: model.now.revision,
      status: 'deployed',
      paused: model.paused,
      configValues: model.now.values,
      plugins: model.paused ? [{ name: 'PauseRelease' }] : [],
    });
    expect(body.releaseLabels ?? {}, told).toEqual(model.now.labels);
    expect(body.message, told).not.toContain('refused');
    const wanted = Number(model.now.values['replicas'] ?? 2);
    expect(await replicasOf(namespace, 'web'), `${told}\nreplicas of web`).toBe(model.paused ? 0 : wanted);
    for (const name of ['scaled', 'fixed'] as const) {
      expect(await replicasOf(namespace, name), `${told}\nreplicas of ${name}`).toBe(model.paused ? 0 : model[name]);
    }
  }
  await (thaw as (() => Promise<void>) | null)?.();
  return log;
}

let namespaces: Map<number, string>;
beforeAll(async () => {
  namespaces = new Map();
  for (const seed of SEEDS) {
    const namespace = await createNamespace(kube, `random-${seed}`);
    await api.mustInstall({ namespace, body: { name: 'app' }, archive: chart });
    namespaces.set(seed, namespace);
  }
});

test.each(SEEDS)(
  'a release is what its model says after each of random changes and refusals (seed %i)',
  async (seed) => {
    const log = await play(namespaces.get(seed) ?? '', seed);
    expect(log.length).toBeGreaterThan(STEPS / 2);
  },
);
