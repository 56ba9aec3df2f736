import { expect, test } from 'vitest';
import { cpuMs } from '../../../test/harness/cpu-time.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { ProblemError } from '../errors/problem-error.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { describeRecord, sourcesOfRecord } from './described-record.ts';
import type { RecordedRevision } from './recorded-revision.ts';

/**
 * Who may edit Secrets of a namespace writes any record there, and each is read. So what is made of a record costs in
 * proportion to its size: each case is measured in time of the processor at `n` and `4n`, and what is quadratic takes 16
 * times as long, not 4.
 */
const CASES: Record<string, [n: number, make: (n: number) => Partial<RecordedRevision>]> = {
  'short texts in Secrets × names of objects': [
    4_000,
    (n) => ({
      objects: [
        ...times(n / 2, (i) => document('ConfigMap', `${'n'.repeat(200)}${i}`, {})),
        secret(object(n, (i) => [`k${i}`, base64(`a${i.toString(36)}`)])),
      ],
    }),
  ],
  'secrets × outputs': [
    1_500,
    (n) => ({
      objects: [secret(object(n, (i) => [`k${i}`, base64(`secret-number-${i}`)]))],
      releaseConfig: releaseConfig({ outputConfig: object(n, (i) => [`o${i}`, `text ${i}`]) }),
    }),
  ],
  'secrets × one long output': [
    1_500,
    (n) => ({
      objects: [secret(object(n, (i) => [`k${i}`, base64(`secret-number-${i}`)]))],
      releaseConfig: releaseConfig({ outputConfig: { a: 'text '.repeat(n * 20) } }),
    }),
  ],
  'marked values × texts': [
    4_000,
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
    8_000,
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

/** The shortest time of the processor that it takes, in milliseconds; a refusal is an answer, too. */
function cost(given: Partial<RecordedRevision>): number {
  const sources = sourcesOfRecord({ ...recordedRevision(), ...given }, { earlier: null, firstWritten: '' });
  const run = (): void => {
    try {
      describeRecord(sources);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
  };
  return Math.min(...times(3, () => cpuMs(run)));
}

test.each(Object.entries(CASES))('%s cost in proportion to their number', (_what, [n, make]) => {
  const [small, large] = [make(n), make(n * 4)];
  cost(small);
  // What takes a few milliseconds is not told from noise, and bothers nobody.
  expect(cost(large)).toBeLessThan(10 * Math.max(4, cost(small)));
});
