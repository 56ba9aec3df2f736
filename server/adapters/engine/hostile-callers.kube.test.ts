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
/** Both may do everything: what is measured is sharing, not rights. */
const mallory = person('mallory', ['system:masters']);
const ann = person('ann', ['system:masters']);

let started: TestEngine;
let client: KubeClient;
let namespace: string;

beforeAll(async () => {
  const { kubeconfig } = inject('sandbox');
  started = startTestEngine(kubeconfig, { renderMs: 5_000 });
  client = createKubeClient(kubeconfig);
  namespace = await createNamespace(client, 'hostile-callers');
  // It is up when it has answered.
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

async function installs(count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const begun = performance.now();
    const name = `mine-${i}-${randomBytes(3).toString('hex')}`;
    const chart = started.add(plain);
    await started.engine.install({
      identity: ann,
      namespace,
      name,
      chart,
      values: {},
      timeoutMs: 60_000,
      crds: 'create',
    });
    times.push(performance.now() - begun);
  }
  return times;
}

/** What the slowest of another caller's installs may take beside a hostile caller, in milliseconds. */
const QUICK_MS = 3_000;
const TRIES = 3;

/** Another caller's installs while a hostile one has many charts rendered at once; what of those was refused is kept. */
async function installsBeside(chart: ChartArchive, many: number, refusals: unknown[]): Promise<number[]> {
  const stop = new AbortController();
  const hostile = Promise.allSettled(
    Array.from({ length: many }, (_, i) => rendering(mallory, chart, `theirs-${i}`, stop.signal)),
  );
  try {
    return await installs(20);
  } finally {
    stop.abort();
    refusals.push(...(await hostile).flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])));
  }
}

test.each([
  ['templates that do not end', endless, 20],
  ['templates that fill the memory', greedy, 10],
  ['jsonnet that does not end', jsonnet, 8],
])(
  'one caller with %s does not stop another, nor the engine',
  async (_what, chart, many) => {
    const pids = started.pids.length;
    const refusals: unknown[] = [];
    let [slowestMs, max] = [Number.POSITIVE_INFINITY, 0];
    const looking = setInterval(() => (max = Math.max(max, residentMi(started.pids.at(-1)))), 50);
    try {
      // A machine that pauses once is slow once; what the hostile one does it does in every try.
      for (let tries = 0; tries < TRIES && slowestMs >= QUICK_MS; tries += 1) {
        slowestMs = Math.max(...(await installsBeside(chart, many, refusals)));
      }
    } finally {
      clearInterval(looking);
    }
    // Each is told what became of it; none of it is a defect of ours.
    expect(refusals.filter((error) => !(error instanceof ProblemError) || error.status >= 500)).toEqual([]);
    expect(slowestMs).toBeLessThan(QUICK_MS);
    expect(max).toBeLessThan(1024);
    expect(started.pids.length).toBe(pids);
  },
  600_000,
);
