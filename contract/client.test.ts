import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFakeApi, doneTask, type FakeApi } from '../test/harness/fakes/fake-api.ts';
import { createClient, type Client } from './client.ts';

let api: FakeApi;
let client: Client;
beforeAll(async () => {
  api = await createFakeApi({
    installRelease: async ({ request, archive, options }) => ({
      task: { ...doneTask, release: `${request.name} ${archive?.bytes ?? 'no'}` },
      finished: options.waiting !== null,
      warnings: [],
    }),
  });
  client = createClient(await api.app.listen({ port: 0, host: '127.0.0.1' }));
});
afterAll(() => api.close());

it('calls operations by their rows and types their answers', async () => {
  const done = await client.installRelease({ path: { namespace: 'demo' }, body: { name: 'web' } });
  expect([done.status, done.body, done.headers.get('walm-task-id')]).toEqual([200, undefined, 'task-1']);
  const accepted = await client.installRelease({
    path: { namespace: 'demo' },
    query: { async: true },
    body: { name: 'web' },
  });
  expect(accepted.status === 202 && accepted.body.task.release).toBe('web no');
  expect((await client.liveness({})).body).toBe('OK');
});

it('sends archives as forms', async () => {
  const archive = new Blob([new Uint8Array(12)]);
  const answer = await client.installReleaseWithChart({
    path: { namespace: 'demo' },
    query: { async: true },
    release: 'web',
    archive,
  });
  expect(answer.status === 202 && answer.body.task.release).toBe('web 12');
});

it('throws error answers with their problem', async () => {
  const sent = client.getRelease({ path: { namespace: 'demo', release: 'web' }, requestId: 'r-7' });
  await expect(sent).rejects.toMatchObject({
    status: 404,
    message: 'release web is not found',
    problem: { code: 'RELEASE_NOT_FOUND', requestId: 'r-7' },
  });
});

it('does not compile with a wrong call', () => {
  const wrong = [
    // @ts-expect-error the path parameter is missing
    () => client.getRelease({ path: { namespace: 'demo' } }),
    // @ts-expect-error there is no such query parameter
    () => client.deleteRelease({ path: { namespace: 'demo', release: 'web' }, query: { deletePvc: true } }),
    // @ts-expect-error an install requires a body
    () => client.installRelease({ path: { namespace: 'demo' } }),
  ];
  expect(wrong).toHaveLength(3);
});
