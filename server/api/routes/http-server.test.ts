import { createConnection, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { ProblemBody } from '../../../contract/problems/problem.ts';
import { operations } from '../../../contract/operations/operations.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { createFakeApi, formRequest, type FakeApi, type FakeServices } from '../../../test/harness/fakes/fake-api.ts';

let api: FakeApi;
afterEach(() => api.close());

async function start(services: FakeServices = {}): Promise<void> {
  api = await createFakeApi(services);
}

it('answers 404 and 405 as problems', async () => {
  await start();
  const unknown = await api.app.inject({ url: '/api/v1/nosuch' });
  expect([unknown.statusCode, unknown.json<ProblemBody>().code]).toEqual([404, 'ROUTE_NOT_FOUND']);
  const wrong = await api.app.inject({ method: 'PATCH', url: '/api/v1/release/demo', payload: {} });
  expect([wrong.statusCode, wrong.json<ProblemBody>().code, wrong.headers.allow]).toEqual([
    405,
    'METHOD_NOT_ALLOWED',
    'GET, POST, PUT, HEAD',
  ]);
});

it.each(['/readiness', '/liveness', '/liveniess'])('answers %s with "OK"', async (url) => {
  await start();
  const answer = await api.app.inject({ url });
  expect([answer.statusCode, answer.body, answer.headers['content-type']]).toEqual([200, '"OK"', 'application/json']);
});

it('says which parts it is not ready for', async () => {
  await start({
    parts: [
      { name: 'engine', waitsFor: () => null },
      { name: 'view', waitsFor: () => 'releases are being read' },
    ],
  });
  const answer = await api.app.inject({ url: '/readiness' });
  expect([answer.statusCode, answer.json()]).toEqual([
    503,
    expect.objectContaining({
      errMessage: 'the server is not ready: view: releases are being read',
      details: { parts: [{ name: 'view', reason: 'releases are being read' }] },
    }),
  ]);
});

it.each([
  [{ host: 'evil.example' }, 403],
  [{ host: '127.0.0.1.evil.example' }, 403],
  [{ host: 'localhost:9999' }, 200],
  [{ host: '[::1]:9999' }, 200],
  [{ host: 'localhost', origin: 'http://localhost' }, 200],
  [{ host: 'localhost', origin: 'http://evil.example' }, 403],
  [{ host: 'localhost', origin: 'null' }, 403],
])('keeps pages of other sites out: %j', async (headers, status) => {
  await start();
  const answer = await api.app.inject({ method: 'DELETE', url: '/api/v1/release/demo/name/web', headers });
  expect(answer.statusCode).toBe(status);
});

it('replaces a request id that could not stand in a log', async () => {
  await start();
  const answer = await api.app.inject({ url: '/liveness', headers: { 'x-request-id': 'a b"c' } });
  expect(answer.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
});

const warningsOf = (headers: Record<string, unknown>) =>
  JSON.parse(typeof headers['walm-warnings'] === 'string' ? headers['walm-warnings'] : '[]') as {
    code: string;
    message: string;
  }[];

it.each([
  '/api/v1/release',
  '/api/v1/release/demo',
  '/api/v1/release/demo/name/web',
  '/api/v1/task',
  '/api/v1/plugin',
  '/api/v1/chart/repolist',
  '/readiness',
])('tells of parameters of the read %s that it does not know, whatever the answer is', async (url) => {
  await start();
  const answer = await api.app.inject({ url: `${url}?lable=x` });
  expect(warningsOf(answer.headers)).toEqual([
    { code: 'QUERY_UNKNOWN', message: expect.stringContaining('unknown query parameter lable is ignored') },
  ]);
  expect((await api.app.inject({ url })).headers).not.toHaveProperty('walm-warnings');
});

it('measures requests by route', async () => {
  await start();
  await api.app.inject({ url: '/api/v1/release/demo/name/web' });
  const answer = await api.app.inject({ url: '/metrics' });
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4');
  expect(answer.body).toContain(
    'walm_http_request_duration_seconds_count{method="GET",route="/api/v1/release/:namespace/name/:release",status="404"} 1',
  );
});

it('serves the description and its page', async () => {
  await start();
  expect((await api.app.inject({ url: '/api/v1/openapi.json' })).json<{ openapi: string }>().openapi).toBe('3.1.0');
  const page = await api.app.inject({ url: '/swagger-ui/' });
  expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  expect((await api.app.inject({ url: '/swagger-ui/json' })).json<{ info: { title: string } }>().info.title).toBe(
    'Walm',
  );
});

it.each([
  ['bytes that are not HTTP', 'NONSENSE\r\n\r\n', 400, 'BODY_MALFORMED'],
  ['a request without Host', 'GET /liveness HTTP/1.1\r\nConnection: close\r\n\r\n', 403, 'HOST_REFUSED'],
])('answers %s with a problem', async (_what, bytes, status, code) => {
  await start();
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = api.app.server.address() as AddressInfo;
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    const socket = createConnection(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('close', () => resolve(text));
  });
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toContain(`"code": "${code}"`);
});

it('notifies the service when the client disconnects', async () => {
  let aborted: AbortSignal | undefined;
  const reached = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<never>();
  await start({
    installRelease: (_input, signal) => {
      aborted = signal;
      signal.addEventListener('abort', () => finished.reject(signal.reason));
      reached.resolve();
      return finished.promise;
    },
  });
  const address = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const client = new AbortController();
  const sent = fetch(`${address}/api/v1/release/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"web"}',
    signal: client.signal,
  });
  await reached.promise;
  client.abort();
  await expect(sent).rejects.toThrow('aborted');
  await expect(finished.promise).rejects.toMatchObject({ code: 'CANCELLED' });
  expect([aborted?.aborted, api.errors]).toEqual([true, []]);
});

it('answers reads before the view is complete as soon as there is something to tell, and no changes', async () => {
  await start({ starting: () => 'the releases are being read', hasSomething: () => true });
  expect((await api.app.inject({ url: '/api/v1/release' })).statusCode).toBe(200);
  const change = await api.app.inject({ method: 'DELETE', url: '/api/v1/release/demo/name/web' });
  expect([change.statusCode, change.json<ProblemBody>().code]).toEqual([503, 'NOT_READY']);
});

it('answers nothing but the system while it starts', async () => {
  let reason: string | null = 'the releases are being read';
  await start({ starting: () => reason, hasSomething: () => false });
  const early = await api.app.inject({ url: '/api/v1/release' });
  expect([early.statusCode, early.json<ProblemBody>().code]).toEqual([503, 'NOT_READY']);
  expect((await api.app.inject({ url: '/liveness' })).statusCode).toBe(200);
  reason = null;
  expect((await api.app.inject({ url: '/api/v1/release' })).statusCode).toBe(200);
});

it('leaves no caller waiting when the server stops', async () => {
  const stopping = new AbortController();
  await start({
    stopping: stopping.signal,
    deleteRelease: (_input, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        stopping.abort(problem('SHUTTING_DOWN', 'the server is shutting down'));
      }),
  });
  const answer = await api.app.inject({ method: 'DELETE', url: '/api/v1/release/demo/name/web' });
  expect([answer.statusCode, answer.json<ProblemBody>().code]).toEqual([503, 'SHUTTING_DOWN']);
});

it('never answers a strange request with a 500', async () => {
  await start();
  // The event stream is a response without an end.
  const paths = Object.values(operations).filter(({ path }) => !path.endsWith('/events'));
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const body = fc.oneof(
    fc.json().map(String),
    text,
    fc.object().map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.dictionary(fc.oneof(text, fc.constantFrom('async', 'timeoutSec', 'limit', 'crds')), text, { maxKeys: 4 }),
      fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), { minLength: 4, maxLength: 4 }),
      body,
      fc.constantFrom('application/json', 'text/plain', 'multipart/form-data; boundary=x', ''),
      async ({ method, path }, query, names, payload, contentType) => {
        let index = 0;
        const url = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(names[index++]?.toWellFormed() ?? 'x'));
        const answer = await api.app.inject({
          method,
          url,
          query: Object.fromEntries(
            Object.entries(query).map(([key, value]) => [key.toWellFormed(), value.toWellFormed()]),
          ),
          headers: contentType === '' ? {} : { 'content-type': contentType },
          ...(method === 'GET' ? {} : { payload }),
        });
        expect(answer.statusCode, answer.body).toBeLessThan(500);
      },
    ),
    { numRuns: 150 },
  );
  expect(api.errors).toEqual([]);
});

it('never answers a strange form with a 500, and keeps nothing of it', async () => {
  await start();
  const part = fc.tuple(
    fc.constantFrom('release', 'chart', 'body', 'other'),
    fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.json(),
      fc.uint8Array({ maxLength: 200 }).map((value) => new Uint8Array(value)),
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
      const { payload, headers } = await formRequest(parts);
      const answer = await api.app.inject({ method: 'POST', url: '/api/v1/release/d/withchart', headers, payload });
      expect(answer.statusCode, answer.body).toBeLessThan(500);
      expect((await api.charts()).filter((name) => name.endsWith('.part'))).toEqual([]);
    }),
    { numRuns: 150 },
  );
  expect(api.errors).toEqual([]);
});
