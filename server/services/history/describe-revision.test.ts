import { expect, test } from 'vitest';
import { jobsHere } from '../../../test/harness/fakes/jobs-here.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { BLIND } from '../../domain/masking/masker.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { createDescribeRevision } from './describe-revision.ts';
import { maskerOf } from './kept-secrets.ts';

const context = { earlier: null, firstWritten: '2026-01-01T00:00:00Z' };
const schemas: HelmRelease['schemas'] = [{ path: [], schema: { properties: { password: { writeOnly: true } } } }];
const tooMuch = () => Promise.reject(problem('BODY_TOO_COMPLEX', 'too long'));

/** A revision with a secret in every text, small or so large that it goes to a thread. */
function revisionOf(size: number): HelmRelease {
  const values = { password: 'correct-horse', note: `it is correct-horse ${'x'.repeat(size)}` };
  return recordedRevision({
    config: values,
    computedValues: values,
    description: 'by correct-horse',
    notes: 'enter correct-horse',
    schemas,
    releaseConfig: releaseConfig({
      configValues: { password: '***', note: `it is *** ${'x'.repeat(size)}` },
      outputConfig: { at: 'x-correct-horse' },
    }),
    metaFiles: { 'metainfo.yaml': new TextEncoder().encode('params: [{name: note, mapKey: note, type: string}]') },
  });
}

test.each([0, 100_000])('a record is the same wherever it is made (%i)', async (size) => {
  const revision = revisionOf(size);
  const { masker, ...record } = await jobsHere.describeRevision(revision, context);
  const { masker: known, ...expected } = toReleaseRecord(revision, context);
  expect(record).toEqual(expected);
  expect(masker.text('correct-horse')).toBe('***');
  expect(known.text('correct-horse')).toBe('***');
  expect(JSON.stringify(record)).not.toContain('correct-horse');
});

test.each([0, 100_000])('what is the same as it was recorded is held once (%i)', async (size) => {
  const values = { note: 'x'.repeat(size) };
  const recorded = releaseConfig({ configValues: values, commonValues: { a: 1 } });
  const revision = recordedRevision({ config: values, computedValues: values, releaseConfig: recorded });
  const record = await jobsHere.describeRevision(revision, context);
  expect([record.configValues, record.facts?.configValues, record.computedValues]).toEqual([values, values, values]);
  for (const held of [record.configValues, record.facts?.configValues, record.computedValues]) {
    expect(held).toBe(values);
  }
});

test.each([0, 100_000])('values without secrets are held once (%i)', async (size) => {
  const values = { note: 'x'.repeat(size) };
  const record = await jobsHere.describeRevision(recordedRevision({ config: values, computedValues: values }), context);
  expect(record.computedValues).toBe(values);
});

test('a record in which secrets are looked for too long cannot be read, and says so', async () => {
  const describe = createDescribeRevision(tooMuch);
  await expect(describe(revisionOf(0), context)).rejects.toMatchObject({
    code: 'RELEASE_UNREADABLE',
    details: { reason: expect.stringContaining('what is secret') },
  });
});

test('of what fails meanwhile nothing is told then', async () => {
  expect(await maskerOf(revisionOf(0), tooMuch, { holder: 'ann' })).toBe(BLIND);
});
