import { request as httpRequest } from 'node:http';
import { createConnection, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createFakeApi, type FakeApi } from '../../../test/harness/fakes/fake-api.ts';
import { eventually } from '../../../test/harness/eventually.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryThreads } from '../../adapters/memory/threads.ts';
import { createSharedBudget } from '../../domain/budgets/shared-budget.ts';
import { perform } from '../../composition/thread-jobs.ts';
import { createBodyReader } from '../requests/read-operation-body.ts';

let api: FakeApi;
const sockets: Socket[] = [];
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.destroy());
  await api.close();
});

type Services = Parameters<typeof createFakeApi>[0];

async function listen(services: Services = {}): Promise<number> {
  api = await createFakeApi(services);
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  return (api.app.server.address() as AddressInfo).port;
}

/** A request whose headers are sent, but not its body. */
function begin(port: number, length: number, first = ''): Promise<{ answer: () => string; socket: Socket }> {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.write(
        `POST /api/v1/release/demo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${first}`,
      );
      resolve({ answer: () => text, socket });
    });
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (text += chunk.toString()));
  });
}

it('bodies of a caller that are more together than one may have are refused, until others are answered', async () => {
  const budget = createSharedBudget({ all: 64 * 1024, each: 40 * 1024 });
  const port = await listen({ bodyBudget: budget });
  const body = JSON.stringify({ name: 'web', configValues: { a: 'x'.repeat(15_000) } });
  const waiting = [await begin(port, body.length), await begin(port, body.length)];
  await eventually(() => expect(budget.taken()).toBe(2 * body.length));
  const third = await begin(port, body.length);
  await eventually(() => expect(third.answer()).toContain('TOO_MANY_BODIES'));
  expect(third.answer()).toMatch(/^HTTP\/1\.1 429 /);
  expect(third.answer()).toMatch(/^retry-after: 1\r$/m);
  waiting.forEach(({ socket }) => socket.write(body));
  await eventually(() => waiting.forEach(({ answer }) => expect(answer()).toMatch(/^HTTP\/1\.1 200 /)));
  await eventually(() => expect([budget.taken(), budget.holders()]).toEqual([0, 0]));
});

it('what a client that goes away was sending counts no longer', async () => {
  const budget = createSharedBudget({ all: 64 * 1024, each: 40 * 1024 });
  const port = await listen({ bodyBudget: budget });
  const { socket } = await begin(port, 10_000, 'x'.repeat(100));
  await eventually(() => expect(budget.taken()).toBe(10_000));
  socket.destroy();
  await eventually(() => expect([budget.taken(), budget.holders()]).toEqual([0, 0]));
});

it('a body that stops coming is given up', async () => {
  const clock = createManualClock();
  const port = await listen({ clock, bodyIdleMs: 30_000 });
  const { answer, socket } = await begin(port, 1_000, '{"na');
  await eventually(async () => {
    await clock.advance(10_000);
    expect(answer()).toMatch(/^HTTP\/1\.1 408 /);
  });
  expect(answer()).toContain('REQUEST_TIMEOUT');
  await eventually(() => expect(socket.destroyed || socket.readableEnded).toBe(true));
});

it('headers that stop coming are given up', async () => {
  const port = await listen();
  let text = '';
  const socket = createConnection(port, '127.0.0.1', () => socket.write('GET /liveness HTTP/1.1\r\nHost: 127'));
  sockets.push(socket);
  socket.on('data', (chunk) => (text += chunk.toString()));
  await eventually(() => expect(text).toMatch(/^HTTP\/1\.1 408 /));
});

it('a body with more values than one may have is refused, and one that is large is read elsewhere', async () => {
  const jobs: number[] = [];
  const threads = createMemoryThreads((job) => {
    jobs.push(1);
    return perform(job);
  });
  const port = await listen({
    readBody: createBodyReader(threads),
    bodyBytes: 1024 * 1024,
    bodyBudget: createSharedBudget({ all: 4e6, each: 4e6 }),
  });
  const post = async (body: unknown) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/release/demo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return [answer.status, await answer.text()] as const;
  };
  expect((await post({ name: 'web' }))[0]).toBe(200);
  expect(jobs).toEqual([]);
  expect((await post({ name: 'web', configValues: { a: 'x'.repeat(40_000) } }))[0]).toBe(200);
  expect(jobs).toEqual([1]);
  const [status, text] = await post({ name: 'web', configValues: { a: Array.from({ length: 20_000 }, () => 1) } });
  expect([status, text.includes('BODY_TOO_COMPLEX')]).toEqual([422, true]);
  expect((await post({ nam: 'x'.repeat(40_000), name: 1 }))[1]).toContain('/name must be string');
});

it('one address has so many connections; what is beyond is closed', async () => {
  const port = await listen();
  const open = await Promise.all(
    Array.from(
      { length: 300 },
      () =>
        new Promise<Socket>((resolve) => {
          const socket = createConnection(port, '127.0.0.1', () => resolve(socket));
          sockets.push(socket);
          socket.on('error', () => undefined);
        }),
    ),
  );
  await eventually(() => expect(open.filter(({ closed }) => closed)).toHaveLength(300 - 256));
  open.forEach((socket) => socket.destroy());
  await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/liveness`)).status).toBe(200));
});

it('a form that says it is larger than its parts may be is refused before it is sent', async () => {
  const port = await listen();
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '99999999' };
    const path = '/api/v1/release/demo/withchart';
    const request = httpRequest({ port, method: 'POST', path, headers }, (answer) => {
      resolve(answer.statusCode);
      request.destroy();
    });
    request.on('error', reject);
    request.flushHeaders();
  });
  expect(status).toBe(413);
  expect(await api.charts()).toEqual([]);
});

it('one has so many requests under way; one more is refused until another one has ended', async () => {
  const requestBudget = createSharedBudget({ all: 100, each: 2 });
  const port = await listen({ requestBudget });
  const started = [1, 2].map(() => {
    const headers = { 'content-type': 'application/json', 'content-length': 100 };
    const request = httpRequest({ port, method: 'POST', path: '/api/v1/release/shop', headers });
    request.on('error', () => undefined).flushHeaders();
    return request;
  });
  await eventually(() => expect(requestBudget.taken()).toBe(2));
  const third = await fetch(`http://127.0.0.1:${port}/api/v1/release`);
  expect(third.status).toBe(429);
  expect(third.headers.get('retry-after')).not.toBeNull();
  expect(await third.text()).toContain('TOO_MANY_REQUESTS');
  started.forEach((request) => request.destroy());
  await eventually(() => expect([requestBudget.taken(), requestBudget.holders()]).toEqual([0, 0]));
});

it('one has so many event streams; one more is refused until another one has ended', async () => {
  const budget = createSharedBudget({ all: 100, each: 2 });
  const port = await listen({ streamBudget: budget });
  const open = async () => {
    const stop = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/events`, { signal: stop.signal });
    return { answer, stop };
  };
  const streams = [await open(), await open()];
  expect(streams.map(({ answer }) => answer.status)).toEqual([200, 200]);
  const third = await open();
  expect(third.answer.status).toBe(429);
  expect(third.answer.headers.get('retry-after')).not.toBeNull();
  expect(await third.answer.text()).toContain('TOO_MANY_STREAMS');
  streams[0]?.stop.abort();
  await eventually(async () => {
    const again = await open();
    expect(again.answer.status).toBe(200);
    again.stop.abort();
  });
  streams[1]?.stop.abort();
  await eventually(() => expect([budget.taken(), budget.holders()]).toEqual([0, 0]));
});
