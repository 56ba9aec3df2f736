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
/** Both may do everything: the test measures sharing, not rights. */
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
  return times.toSorted((a, b) => a - b);
}

const p95 = (times: readonly number[]) => times[Math.min(times.length - 1, Math.floor(times.length * 0.95))]!;

test.each([
  ['templates that do not end', endless, 20],
  ['templates that fill the memory', greedy, 10],
  ['jsonnet that does not end', jsonnet, 8],
])(
  'one caller with %s does not stop another, nor the engine',
  async (_what, chart, many) => {
    const pids = started.pids.length;
    const stop = new AbortController();
    let max = 0;
    const looking = setInterval(() => (max = Math.max(max, residentMi(started.pids.at(-1)))), 50);
    try {
      const hostile = Promise.allSettled(
        Array.from({ length: many }, (_, i) => rendering(mallory, chart, `theirs-${i}`, stop.signal)),
      );
      const times = await installs(20);
      stop.abort();
      const refusals = (await hostile).flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason as ProblemError] : [],
      );
      // Each caller gets a clear error; none of them is an internal one.
      expect(refusals.filter((error) => !(error instanceof ProblemError) || error.status >= 500)).toEqual([]);
      expect(p95(times)).toBeLessThan(3_000);
      expect(max).toBeLessThan(1024);
      expect(started.pids.length).toBe(pids);
    } finally {
      clearInterval(looking);
      stop.abort();
    }
  },
  120_000,
);
