import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildChart, type ChartArchive } from '../../../test/harness/charts/chart-builder.ts';
import { createKubeClient, type KubeClient } from '../../../test/harness/clients/kube-client.ts';
import { person } from '../../../test/harness/fakes/person.ts';
import { residentMi } from '../../../test/harness/resident-memory.ts';
import { startTestEngine, type TestEngine } from '../../../test/harness/programs/test-engine.ts';
import { createNamespace } from '../../../test/harness/clients/test-namespace.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n';
const plain = buildChart('plain', { 'templates/cm.yaml': configMap });
const endless = buildChart('endless', {
  'templates/a.yaml': '{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}',
});
const greedy = buildChart('greedy', {
  'templates/a.yaml':
    '{{ define "x" }}{{ range until 100000 }}{{ printf "%4096d" . }}{{ end }}{{ end }}{{ include "x" . | quote }}',
});
const jsonnet = buildChart('bomb', {
  'template-jsonnet/a-main.jsonnet': 'local f(n) = if n == 0 then "x" else f(n - 1) + f(n - 1); { "a.json": f(60) }',
});
const plainJsonnet = buildChart('brief', {
  'template-jsonnet/a-main.jsonnet':
    "function(config) { 'a.json': { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } } }",
});
/** Both may do everything: the test measures sharing, not rights. */
const mallory = person('mallory', ['system:masters']);
const ann = person('ann', ['system:masters']);

let started: TestEngine;
let client: KubeClient;
let namespace: string;

beforeAll(async () => {
  const { kubeconfig } = inject('sandbox');
  started = startTestEngine(kubeconfig, { renderMs: 3_600_000 });
  client = createKubeClient(kubeconfig);
  namespace = await createNamespace(client, 'hostile-callers');
  // The engine is up once it has answered.
  await started.engine.listResources();
});
afterAll(async () => {
  client.close();
  await started.stop();
});

const rendering = (identity: Caller, chart: ChartArchive, name: string, signal?: AbortSignal) =>
  started.engine.render(
    { identity, namespace, name, chart: started.add(chart), values: {}, isUpgrade: false },
    { sharer: { user: identity.user, namespace }, ...(signal && { signal }) },
  );

/** Twenty installs, one after the other, and as many renderings of a chart; each of them waits for a place to render in. */
async function work(chart: ChartArchive): Promise<void> {
  for (let i = 0; i < 20; i += 1) {
    const name = `mine-${i}-${randomBytes(3).toString('hex')}`;
    const order = { identity: ann, namespace, name, chart: started.add(plain), values: {} };
    await started.engine.install({ ...order, timeoutMs: 600_000, crds: 'create' });
    await rendering(ann, chart, name);
  }
}

/** Has so many renderings of a chart under way, or waiting, until it is stopped; answers how each ended. */
async function crowd(chart: ChartArchive, many: number, signal: AbortSignal): Promise<unknown[]> {
  const refusals: unknown[] = [];
  const one = async (who: number): Promise<void> => {
    while (!signal.aborted) {
      await rendering(mallory, chart, `theirs-${who}`, signal).catch((error: unknown) => refusals.push(error));
    }
  };
  await Promise.all(Array.from({ length: many }, (_, who) => one(who)));
  return refusals;
}

/**
 * No rendering ends in time, and each that ends starts again: without fair shares, on any machine, another caller would
 * not get a slot before the engine refuses waiting requests.
 */
test.each([
  ['templates that do not end', endless, 20, plain],
  ['templates that fill the memory', greedy, 10, plain],
  ['jsonnet that does not end', jsonnet, 8, plainJsonnet],
])('one caller with %s does not stop another, nor the engine', async (_what, chart, many, harmless) => {
  const pids = started.pids.length;
  const stop = new AbortController();
  let max = 0;
  const looking = setInterval(() => (max = Math.max(max, residentMi(started.pids.at(-1)))), 50);
  try {
    const hostile = crowd(chart, many, stop.signal);
    await work(harmless);
    stop.abort();
    const refusals = await hostile;
    // Each caller gets a clear error; none of them is an internal one.
    expect(refusals.length).toBeGreaterThanOrEqual(many);
    expect(refusals.filter((error) => !(error instanceof ProblemError) || error.status >= 500)).toEqual([]);
    expect(max).toBeLessThan(1024);
    expect(started.pids.length).toBe(pids);
  } finally {
    clearInterval(looking);
    stop.abort();
  }
});
