import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildChart } from '../../../test/harness/charts/chart-builder.ts';
import { eventually } from '../../../test/harness/eventually.ts';
import { lastsAtLeast } from '../../../test/harness/timing/lasts-at-least.ts';
import { startTestEngine, type TestEngine } from '../../../test/harness/programs/test-engine.ts';

const chart = buildChart('small', {
  'values.yaml': 'replicas: 1\n',
  'README.md': '# small\n',
  'transwarp-meta/metainfo.yaml': 'params: []\n',
  'templates/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: small}\n',
});

let started: TestEngine;

beforeAll(() => {
  started = startTestEngine();
});
afterAll(() => started.stop());

test('introduces itself, without a cluster too', async () => {
  const introduction = {
    engineVersion: expect.stringMatching(/^\d/) as string,
    helmVersion: expect.stringMatching(/^v4\./) as string,
    kubernetesVersion: null,
    isolation: ['environment', 'descriptors', 'files', 'network', 'processes', 'privileges', 'resources'].map(
      (name) => ({
        name,
        holds: true,
      }),
    ),
  };
  await eventually(() => expect(started.engine.info()).toEqual(introduction));
});

test('checks and inspects an archive of the chart folder', async () => {
  const digest = started.add(chart);
  const stored = { digest, bytes: chart.bytes.length, name: 'small', version: '0.1.0' };
  expect(await started.engine.checkChart(digest)).toEqual(stored);
  const details = await started.engine.inspectChart(digest);
  expect(details).toMatchObject({
    digest,
    name: 'small',
    values: { replicas: 1 },
    engine: 'helm',
    readme: '# small\n',
  });
  expect(Buffer.from(details.metaFiles['metainfo.yaml']!).toString()).toBe('params: []\n');
});

test('long answers come through files that are gone afterwards', async () => {
  const large = buildChart('large', { 'values.yaml': `text: ${'x'.repeat(200_000)}\n` });
  const details = await started.engine.inspectChart(started.add(large));
  expect(details.valuesText).toHaveLength(200_007);
  const [folder] = readdirSync(started.spillParent);
  expect(readdirSync(`${started.spillParent}/${folder}`)).toEqual([]);
});

test('a problem of the engine is an error of the catalogue', async () => {
  await expect(started.engine.checkChart('0'.repeat(64))).rejects.toMatchObject({
    name: 'ProblemError',
    code: 'CHART_NOT_FOUND',
    message: expect.stringContaining('0'.repeat(64)) as string,
  });
});

test('that nothing can be used at an address takes as long as it is told to, closed or silent', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const failureMs = 1_000;
  const patient = startTestEngine(undefined, { failureMs });
  await eventually(() => expect(patient.engine.info()).not.toBeNull());
  for (const host of ['127.0.0.1:1', `127.0.0.1:${port}`]) {
    await lastsAtLeast(failureMs - 50, async () => {
      // Who waits for the silence of a download to be over is given up sooner.
      const call = { signal: AbortSignal.timeout(20 * failureMs) };
      const fetching = patient.engine.fetchChart({ kind: 'oci', reference: `oci+http://${host}/a/b:1` }, call);
      await expect(fetching).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
    });
  }
  await patient.stop();
  silent.close();
});

test('a cluster that does not answer is a problem of its own', async () => {
  const target = { identity: null, namespace: 'default', name: 'web' };
  await expect(started.engine.getRelease(target)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
});

test('a call that was cancelled before it began is never sent', async () => {
  const call = { signal: AbortSignal.abort() };
  await expect(started.engine.inspectChart('0'.repeat(64), call)).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a killed engine is back by itself, and what it was doing is answered as stopped', async () => {
  const before = started.pids.length;
  const pending = Promise.allSettled([started.engine.listRepository({ url: 'http://127.0.0.1:1/never' }, {})]);
  process.kill(started.pids.at(-1)!, 'SIGSTOP');
  const unanswered = started.engine.checkChart(chart.digest);
  process.kill(started.pids.at(-1)!, 'SIGKILL');
  await expect(unanswered).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
  await pending;
  expect(await started.engine.checkChart(chart.digest)).toMatchObject({ name: 'small' });
  expect(started.pids.length).toBe(before + 1);
  expect(readdirSync(started.spillParent)).toHaveLength(1);
});

test('whatever is asked while the engine dies is answered or told as stopped, cancelled requests too', async () => {
  for (let round = 0; round < 3; round += 1) {
    await started.engine.checkChart(chart.digest);
    const abort = new AbortController();
    const asked = Array.from({ length: 5 }, () => started.engine.inspectChart(chart.digest));
    const cancelled = Promise.allSettled([
      started.engine.listRepository({ url: 'http://127.0.0.1:1/never' }, {}, { signal: abort.signal }),
    ]);
    await setImmediate();
    process.kill(started.pids.at(-1)!, 'SIGKILL');
    abort.abort();
    // Sent before the server can know that the process is gone: the pipe exists but has no reader.
    asked.push(...Array.from({ length: 5 }, () => started.engine.inspectChart(chart.digest)));
    const outcomes = await Promise.allSettled(asked);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    for (const reason of reasons) {
      expect(reason).toMatchObject({ name: 'ProblemError', code: 'ENGINE_STOPPED' });
    }
    expect(await cancelled).toMatchObject([{ status: 'rejected', reason: { name: 'ProblemError' } }]);
  }
  expect(await started.engine.checkChart(chart.digest)).toMatchObject({ name: 'small' });
});
