import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFakeApi, doneTask, type FakeApi } from '../test/harness/fakes/fake-api.ts';
import { ApiError } from './api-error.ts';
import { createClient, type Client } from './client.ts';
import type { ClientOptions } from './client-options.ts';

let api: FakeApi;
let url: string;
let client: Client;
beforeAll(async () => {
  api = await createFakeApi({
    installRelease: async ({ request, archive, options }) => ({
      task: { ...doneTask, release: `${request.name} ${archive?.bytes ?? 'no'}` },
      finished: options.waiting !== null,
      warnings: [],
    }),
  });
  url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  client = createClient(url);
});
afterAll(() => api.close());

/** A server that gives these answers in turn, and remembers what it was sent. */
function scripted(answers: readonly (Response | Error)[], options: Omit<ClientOptions, 'fetch' | 'wait'> = {}) {
  const requests: { url: string; init: RequestInit; headers: Headers }[] = [];
  const waits: number[] = [];
  const answer = answers.values();
  const scriptedClient = createClient('https://walm.example/base/', {
    random: () => 0,
    ...options,
    wait: async (ms) => void waits.push(ms),
    fetch: async (input, init = {}) => {
      requests.push({
        url: input instanceof Request ? input.url : input.toString(),
        init,
        headers: new Headers(init.headers),
      });
      const { value } = answer.next();
      if (!(value instanceof Response)) {
        throw value ?? new Error('there is no answer left');
      }
      return value;
    },
  });
  return { client: scriptedClient, requests, waits };
}

const json = (body: unknown, init?: ResponseInit) => Response.json(body, init);
const path = { namespace: 'demo', release: 'web' };

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

it('throws error answers with code, details and the whole problem', async () => {
  const sent = client.getRelease({ path, requestId: 'r-7' });
  await expect(sent).rejects.toBeInstanceOf(ApiError);
  await expect(sent).rejects.toMatchObject({
    status: 404,
    code: 'RELEASE_NOT_FOUND',
    requestId: 'r-7',
    message: 'release web is not found',
    problem: { code: 'RELEASE_NOT_FOUND' },
  });
});

it('does not compile with a wrong call', () => {
  const wrong = [
    // @ts-expect-error the path parameter is missing
    () => client.getRelease({ path: { namespace: 'demo' } }),
    // @ts-expect-error there is no such query parameter
    () => client.deleteRelease({ path, query: { deletePvc: true } }),
    // @ts-expect-error an install requires a body
    () => client.installRelease({ path: { namespace: 'demo' } }),
  ];
  expect(wrong).toHaveLength(3);
});

it('keeps the path of the base address', async () => {
  const { client: based, requests } = scripted([json({})]);
  await based.getRelease({ path });
  expect(requests[0]?.url).toBe('https://walm.example/base/api/v1/release/demo/name/web');
});

it('never sends a path parameter that would lead elsewhere', async () => {
  const { client: based, requests } = scripted([]);
  for (const release of ['', '.', '..']) {
    await expect(based.deleteRelease({ path: { namespace: 'demo', release } })).rejects.toThrow(TypeError);
  }
  await expect(based.getRelease({ path: { namespace: 'demo', release: '../x?y#z' } })).rejects.toThrow('no answer');
  expect(requests.map((one) => one.url)).toEqual(['https://walm.example/base/api/v1/release/demo/name/..%2Fx%3Fy%23z']);
});

it('refuses a query parameter that the operation does not have', async () => {
  const query = { dryRun: true } as object;
  await expect(client.deleteRelease({ path, query })).rejects.toThrow('has no query parameter dryRun');
});

it('sends token, default headers and those of the call', async () => {
  const tokens = ['first', 'second'].values();
  const { client: known, requests } = scripted([json({}), json({})], {
    token: async () => tokens.next().value ?? '',
    headers: { 'x-team': 'a', accept: 'application/json' },
  });
  await known.getRelease({ path, headers: { 'x-team': 'b' }, requestId: 'r-1' });
  await known.installRelease({
    path: { namespace: 'demo' },
    body: { name: 'web' },
    idempotencyKey: 'once',
    accept: 'text/plain',
  });
  const sent = requests.map(({ headers }) => Object.fromEntries(headers));
  expect(sent).toEqual([
    { accept: 'application/json', authorization: 'Bearer first', 'x-request-id': 'r-1', 'x-team': 'b' },
    {
      accept: 'text/plain',
      authorization: 'Bearer second',
      'content-type': 'application/json',
      'idempotency-key': 'once',
      'x-team': 'a',
    },
  ]);
});

it('follows no redirect: token, headers and values are for this server only', async () => {
  const elsewhere = new Response(null, { status: 307, headers: { location: 'https://other.example/' } });
  const { client: known, requests } = scripted([elsewhere], { token: 'secret' });
  await expect(known.getRelease({ path })).rejects.toMatchObject({
    status: 307,
    message: expect.stringContaining('https://other.example/') as unknown,
  });
  expect(requests.map(({ init }) => init.redirect)).toEqual(['manual']);
});

it('keeps large whole numbers exact, in answers and in bodies', async () => {
  const text = '{"configValues":{"id":9007199254740993,"ports":[80]}}';
  const { client: exact, requests } = scripted([
    new Response(text, { headers: { 'content-type': 'application/json' } }),
    json({}),
  ]);
  const { body } = await exact.getRelease({ path });
  expect(body.configValues).toEqual({ id: 9007199254740993n, ports: [80] });
  await exact.upgradeRelease({
    path: { namespace: 'demo' },
    body: { name: 'web', ...(body.configValues && { configValues: body.configValues }) },
  });
  expect(requests[1]?.init.body).toBe('{"name":"web","configValues":{"id":9007199254740993,"ports":[80]}}');
});

it('repeats reads while the server is busy or unreachable', async () => {
  const busy = () => json({ errMessage: 'busy', code: 'NOT_READY' }, { status: 503 });
  const late = json({}, { status: 429, headers: { 'retry-after': '7' } });
  const { client: patient, waits } = scripted([new TypeError('fetch failed'), busy(), late, json({ name: 'web' })]);
  expect((await patient.getRelease({ path })).body).toEqual({ name: 'web' });
  expect(waits).toEqual([125, 250, 7000]);
});

it('gives up on reads after the last attempt, and when the server asks for too much patience', async () => {
  const busy = Array.from({ length: 3 }, () => json({}, { status: 503 }));
  const { client: hasty, requests } = scripted(busy, { attempts: 2 });
  await expect(hasty.getRelease({ path })).rejects.toMatchObject({ status: 503 });
  expect(requests).toHaveLength(2);
  const date = 'Mon, 30 Nov 2026 10:00:00 GMT';
  const hour = { 'retry-after': 'Mon, 30 Nov 2026 11:00:00 GMT', date };
  const { client: told } = scripted([json({}, { status: 503, headers: hour })]);
  await expect(told.getRelease({ path })).rejects.toMatchObject({ status: 503, retryAfterSec: 3600 });
});

it('sends what may change something once', async () => {
  const { client: careful, requests } = scripted([new TypeError('fetch failed')]);
  await expect(careful.deleteRelease({ path })).rejects.toThrow('fetch failed');
  expect(requests).toHaveLength(1);
});

it('stops waiting when the signal is aborted', async () => {
  const stop = new AbortController();
  const patient = createClient('https://walm.example', {
    fetch: async () => json({}, { status: 503 }),
    wait: async () => stop.abort(new Error('no longer wanted')),
  });
  await expect(patient.getRelease({ path, signal: stop.signal })).rejects.toThrow('no longer wanted');
});
