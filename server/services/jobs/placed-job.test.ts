import { expect, test } from 'vitest';
import { createMemoryThreads } from '../../adapters/memory/threads.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { Job } from '../../ports/runtime/threads.ts';
import { hideLayersJob, hideRecordedJob, hideShippedJob, runPluginsJob } from './job-kinds.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { recordedContent } from '../../domain/release/recorded-content.ts';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import { createPlacedJob, type JobKind, performWritten } from './placed-job.ts';
import { perform } from '../../composition/thread-jobs.ts';

const kind = {
  name: 'reverse',
  perform: ({ items }: { items: unknown[] }) => {
    if (items.length === 0) throw problem('PLUGIN_REFUSED', 'nothing to do', {}, { kind: 'List', name: 'x' });
    return { items: items.toReversed() };
  },
};

function stage() {
  const sent: Job[] = [];
  const run = (job: Job) => {
    sent.push(job);
    return Promise.resolve(performWritten(kind)(job.input));
  };
  return { sent, reverse: createPlacedJob({ run }, kind) };
}

test('what is small is done at once, and the rest in a thread, with the same result', async () => {
  const { sent, reverse } = stage();
  expect(await reverse({ items: [1, { a: 'b' }] }, 'ann')).toEqual({ items: [{ a: 'b' }, 1] });
  expect(sent).toEqual([]);
  const many = Array.from({ length: 10_000 }, (_, i) => i);
  expect((await reverse({ items: many }, 'ann')).items.at(0)).toBe(9_999);
  expect(sent).toHaveLength(1);
});

test.each<[string, unknown]>([
  ['a long text', 'x'.repeat(80_000)],
  ['long names', { ['k'.repeat(80_000)]: 1 }],
  ['many values far inside', { a: { b: Array.from({ length: 12_000 }, () => ({})) } }],
])('%s is not small', async (_, value) => {
  const { sent, reverse } = stage();
  await reverse({ items: [value] }, 'ann');
  expect(sent).toHaveLength(1);
});

test('a refusal is the same in a thread as here, with the object that it is about', async () => {
  const document = { index: 0, source: '', apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name: 'x' };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { a: 'b'.repeat(80_000) } };
  const patch = { target: { kind: 'ConfigMap', name: 'x' }, type: 'merge', patch: { kind: 'Secret' } };
  const plugins = [{ name: 'CustomPatch', args: JSON.stringify({ patches: [patch] }), version: '', disable: false }];
  const work = { plugins, documents: [{ ...document, object }], recorded: [], metadataDomains: [], mergeKeys: {} };
  const here = await Promise.resolve()
    .then(() => runPluginsJob.perform(work))
    .catch((error: unknown) => error);
  const there = await createPlacedJob(createMemoryThreads(perform), runPluginsJob)(work, 'ann').catch(
    (error: unknown) => error,
  );
  expect(there).toMatchObject({ code: 'PLUGIN_REFUSED', object: { kind: 'ConfigMap', name: 'x' } });
  expect(there).toEqual(here);
});

test('secrets are found in a thread as they are here', async () => {
  const threads = createMemoryThreads(perform);
  const values = { auth: { password: 'correct-horse', user: 'ann' }, text: `at correct-horse ${'x'.repeat(80_000)}` };
  const rules = { schemas: [], paths: [['auth', 'password']] };
  const layers = { configValues: values, commonValues: {}, dependenciesConfigValues: {} };
  const given = { chart: { auth: { token: 'x' } }, injected: { auth: { user: 'bob' } }, rules, layers };
  const hidden = await createPlacedJob(threads, hideLayersJob)(given, 'ann');
  expect(hidden).toEqual(hideLayersJob.perform(given));
  expect(JSON.stringify(hidden.layers)).not.toContain('correct-horse');
  const shipped = {
    outputConfig: { at: 'x-battery-staple' },
    computedValues: values,
    secrets: [{ name: 's', data: { key: Buffer.from('battery-staple').toString('base64') } }],
  };
  const input = { shipped, rules, layers, secrets: hidden.secrets, names: ['web'] };
  const found = await createPlacedJob(threads, hideShippedJob)(input, 'ann');
  expect(found).toEqual(hideShippedJob.perform(input));
  expect(found.outputs).toHaveLength(1);
});

test('what is secret in a recorded revision is found in a thread, and no more of it goes there than that', async () => {
  const password = 'correct-horse';
  const document = (kind: string, content: JsonObject) => ({
    index: 0,
    source: '',
    apiVersion: 'v1',
    kind,
    namespace: 'demo',
    name: kind.toLowerCase(),
    object: { apiVersion: 'v1', kind, ...content },
  });
  const objects = [
    document('ConfigMap', { data: { a: 'x'.repeat(80_000) } }),
    document('Secret', { stringData: { key: 'battery-staple' } }),
  ];
  const revision = recordedRevision({ computedValues: { password, note: 'y'.repeat(80_000) }, objects });
  const layers = {
    configValues: { password, told: 'it is battery-staple' },
    commonValues: {},
    dependenciesConfigValues: {},
  };
  const rules = { schemas: [], paths: [['password']] };
  const facts = { outputConfigValues: { at: `x-${password}` }, outputSecrets: [] };
  const { sent, perform: hide } = sentTo(hideRecordedJob);
  const hidden = await hide(recordedContent(revision, { rules, layers, facts }), 'ann');
  expect(hidden.layers.configValues).toEqual({ password: '***', told: 'it is ***' });
  expect(hidden.outputConfig).toEqual({ at: '***' });
  expect(hidden.outputSecrets).toHaveLength(1);
  expect(sent).toHaveLength(1);
  expect(JSON.stringify(sent)).not.toContain('x'.repeat(80_000));
});

function sentTo<I extends object, O extends object>(job: JobKind<I, O>) {
  const sent: Job[] = [];
  const threads = createMemoryThreads(perform);
  const run: typeof threads.run = (given, holder) => {
    sent.push(given);
    return threads.run(given, holder);
  };
  return { sent, perform: createPlacedJob({ run }, job) };
}
