import { describe, expect, test } from 'vitest';
import { operations } from '../../../contract/operations/operations.ts';
import type { ProblemBody } from '../../../contract/problems/problem.ts';
import { createFakeApi } from '../../../test/harness/fakes/fake-api.ts';
import type { ApplyInput, DeleteInput, MutationOutcome } from '../../services/tasks/release-mutation.ts';
import { originalMode } from './original-mode.ts';
import { problem } from '../../domain/errors/problem-error.ts';

const outcome: MutationOutcome = { task: null, finished: true, warnings: [{ code: 'X', message: 'odd' }] };
const web = { method: 'POST', url: '/api/v1/release/demo', payload: { name: 'web', chartName: 'tomcat' } } as const;

async function start(original: boolean) {
  const inputs: (ApplyInput | DeleteInput)[] = [];
  const take = (input: ApplyInput | DeleteInput) => {
    inputs.push(input);
    return Promise.resolve(outcome);
  };
  const services = { installRelease: take, upgradeRelease: take, deleteRelease: take };
  const api = await createFakeApi({ ...services, ...(original && { original: originalMode }) });
  return { api, inputs };
}

describe.each([true, false])('compatibility original: %s', (original) => {
  test('leniency, empty answers and status codes', async () => {
    const { api, inputs } = await start(original);
    const posted = await api.app.inject(web);
    await api.app.inject({ ...web, method: 'PUT' });
    await api.app.inject({ method: 'DELETE', url: '/api/v1/release/demo/name/web' });
    expect(inputs).toMatchObject([{ upsert: original }, { upsert: original }, { ignoreNotFound: original }]);
    expect(posted.statusCode).toBe(200);
    expect(posted.body === '').toBe(original);
    const wrong = await api.app.inject({ ...web, url: '/api/v1/release/demo?async=abc' });
    expect([wrong.statusCode, wrong.json<ProblemBody>().code]).toEqual([original ? 500 : 400, 'QUERY_INVALID']);
    const missing = await api.app.inject({ method: 'GET', url: '/api/v1/release/demo/name/web' });
    expect(missing.statusCode).toBe(404);
    await api.close();
  });
});

test('a change without a Content-Type is refused', () => {
  const refused = expect.objectContaining({ code: 'CONTENT_TYPE_UNSUPPORTED', status: 415 });
  expect(() => originalMode.mustHaveContentType('POST', undefined)).toThrow(refused);
  expect(() => originalMode.mustHaveContentType('PUT', undefined)).toThrow(refused);
  expect(() => originalMode.mustHaveContentType('DELETE', undefined)).not.toThrow();
  expect(() => originalMode.mustHaveContentType('POST', 'application/json')).not.toThrow();
});

test('only a GET keeps its 404', () => {
  const missing = problem('RELEASE_NOT_FOUND', 'none');
  expect(originalMode.statusOf(missing, 'GET')).toBe(404);
  expect(originalMode.statusOf(missing, 'DELETE')).toBe(500);
  expect(originalMode.reply(operations.getRelease, { status: 200, body: { name: 'web' } }).body).toEqual({
    name: 'web',
  });
});
