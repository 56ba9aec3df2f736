import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../domain/errors/problem-error.ts';
import { KubeApiError, type KubeApiCause } from './kube-api-error.ts';
import { problemOf } from './problem-of.ts';

type Status = { code: number; reason: string; message: string; details?: { causes?: KubeApiCause[] } };
type Same = { code: string; answer: Status };
type Apart = { server: string; why: string; answer: Status };

/** The engine's code for the same responses is tested with the same file: engine/refusal/refusals_test.go. */
const { same, apart } = JSON.parse(
  readFileSync(new URL('../../../../engine/testdata/rules/refusals.json', import.meta.url), 'utf8'),
) as { same: Same[]; apart: Apart[] };

function codeOf({ code, reason, message, details }: Status): string {
  const found = problemOf(new KubeApiError(code, reason, message, details?.causes), { kind: 'Secret', name: 'x' });
  return found instanceof ProblemError ? found.code : 'none';
}

describe('a refusal of the API server has the code', () => {
  test.each(same)('$code, as in the engine: $answer.message', ({ code, answer }) => {
    expect(codeOf(answer)).toBe(code);
  });

  test.each(apart)('$server, unlike the engine, because $why: $answer.message', ({ server, answer }) => {
    expect(codeOf(answer)).toBe(server);
  });
});

test('a response of another program than the API server is not taken for a policy of the cluster', () => {
  const refused = { code: 403, reason: 'Forbidden', message: '<html>403 Forbidden</html>' };
  expect(codeOf(refused)).toBe('FORBIDDEN');
});

test('other errors are returned as they are', () => {
  const error = new Error('not an answer');
  expect(problemOf(error, { kind: 'Secret', name: 'x' })).toBe(error);
});
