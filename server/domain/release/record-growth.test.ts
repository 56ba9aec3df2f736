import { expect, test } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { costGrowth } from '../../../test/harness/timing/cost-growth.ts';
import { ProblemError } from '../errors/problem-error.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { describeRecord, sourcesOfRecord } from './described-record.ts';
import type { RecordedRevision } from './recorded-revision.ts';

/**
 * Who may edit Secrets of a namespace writes any record there, and each is read. So what is made of a record costs in
 * proportion to its size: each case is measured in time of the processor at `n` and `8n`, and what is quadratic takes 64
 * times as long, not 8.
 */
const CASES: Record<string, [n: number, make: (n: number) => Partial<RecordedRevision>]> = {
  'short texts in Secrets × names of objects': [
    1_000,
    (n) => ({
      objects: [
        ...times(n, (i) => document('ConfigMap', `${'n'.repeat(200)}x${i}`, {})),
        secret(object(n, (i) => [`k${i}`, base64(`x${i}`)])),
      ],
    }),
  ],
  'marked values × texts': [
    500,
    (n) => ({
      schemas: [{ path: [], schema: { properties: { auth: { writeOnly: true } } } }],
      computedValues: {
        auth: object(n, (i) => [`k${i}`, `secret-number-${i}`]),
        open: object(n, (i) => [`k${i}`, `a text that has secret-number-${i}`]),
      },
      notes: 'secret-number- '.repeat(n),
    }),
  ],
  'places that were masked × values': [
    1_000,
    (n) => ({
      computedValues: { auth: object(n, (i) => [`k${i}`, `secret-number-${i}`]) },
      releaseConfig: releaseConfig({ configValues: { auth: object(n, (i) => [`k${i}`, '***']) } }),
    }),
  ],
};

function times<T>(n: number, make: (i: number) => T): T[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

function object(n: number, make: (i: number) => [string, JsonValue]): JsonObject {
  return Object.fromEntries(times(n, make));
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function document(kind: string, name: string, content: JsonObject) {
  return { index: 0, source: '', apiVersion: 'v1', kind, namespace: 'demo', name, object: content };
}

function secret(data: JsonObject) {
  return document('Secret', 'all', { apiVersion: 'v1', kind: 'Secret', data });
}

/** Describes a record; a refusal is an answer, too. */
function describing(given: Partial<RecordedRevision>): () => void {
  const sources = sourcesOfRecord({ ...recordedRevision(), ...given }, { earlier: null, firstWritten: '' });
  return () => {
    try {
      describeRecord(sources);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
  };
}

test.each(Object.entries(CASES))('%s cost in proportion to their number', (_what, [n, make]) => {
  const [small, large] = [describing(make(n)), describing(make(n * 8))];
  small();
  expect(costGrowth(small, large, 24)).toBeLessThan(24);
});
