import { expect, test } from 'vitest';
import { createMemoryThreads } from '../../adapters/memory/threads.ts';
import { maskManifest } from '../../domain/masking/masked-manifest.ts';
import { BLIND, createMasker, NO_SECRETS } from '../../domain/masking/masker.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { Job } from '../../ports/runtime/threads.ts';
import { perform } from '../../composition/thread-jobs.ts';
import { createMaskManifests } from './mask-manifests.ts';

const jobs: Job[] = [];
const maskManifests = createMaskManifests(
  createMemoryThreads((job) => {
    jobs.push(job);
    return perform(job);
  }),
);

function manifestOf(bytes: number): string {
  return `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: "the canary ${'x'.repeat(bytes)}"}\n`;
}

test.each([
  ['secrets', createMasker([{ text: 'canary' }, { text: 'web', wholly: true }])],
  ['nothing that is secret', NO_SECRETS],
  ['secrets that nobody knows', BLIND],
])('a large manifest with %s is shown in a thread as a small one is here', async (_, masker) => {
  jobs.length = 0;
  expect(await maskManifests([manifestOf(10)], masker, 'a')).toEqual([maskManifest(manifestOf(10), masker)]);
  expect(jobs).toEqual([]);
  expect(await maskManifests([manifestOf(20_000), ''], masker, 'a')).toEqual([
    maskManifest(manifestOf(20_000), masker),
    maskManifest('', masker),
  ]);
  expect(jobs).toHaveLength(1);
});

test('what takes longer than it may is not shown', async () => {
  const refused = createMaskManifests({ run: () => Promise.reject(problem('BODY_TOO_COMPLEX', 'too long')) });
  const [shown = ''] = await refused([manifestOf(20_000)], NO_SECRETS, 'a');
  expect(shown).toMatch(/^# not shown/);
  const broken = createMaskManifests({ run: () => Promise.reject(new Error('a defect')) });
  await expect(broken([manifestOf(20_000)], NO_SECRETS, 'a')).rejects.toThrow('a defect');
});
