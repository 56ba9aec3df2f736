import { createConnection, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createFakeApi, type FakeApi, type FakeServices } from '../../../test/harness/fakes/fake-api.ts';
import { eventually } from '../../../test/harness/eventually.ts';
import { createFairGate, type FairGate } from '../../domain/budgets/fair-gate.ts';
import { placeForLong } from './answer-places.ts';
import { createUnreadAnswers } from './unread-answers.ts';

/** What becomes of long answers whose readers take them slowly, or not at all. */
const sockets: Socket[] = [];
let api: FakeApi | undefined;
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.destroy());
  await api?.close();
  api = undefined;
});

const MiB = 1024 * 1024;
/** More than what the two ends of a connection hold between them. */
const LONG = 24 * MiB;

async function listen(services: FakeServices): Promise<number> {
  api = await createFakeApi(services);
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  return (api.app.server.address() as AddressInfo).port;
}

/** Asks for something and reads nothing until `read` is called. */
function ask(port: number, path: string): { read(): void; bytes(): number; isClosed(): boolean } {
  let [bytes, isClosed] = [0, false];
  const socket = createConnection(port, '127.0.0.1', () =>
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`),
  );
  sockets.push(socket);
  socket
    .on('error', () => undefined)
    .on('close', () => (isClosed = true))
    .on('data', (chunk) => (bytes += chunk.length))
    .pause();
  return { read: () => void socket.resume(), bytes: () => bytes, isClosed: () => isClosed };
}

const manifest = '/api/v1/release/demo/name/web/manifest';

test('one that reads nothing has a few answers made, the others when it reads', async () => {
  let made = 0;
  const unreadAnswers = createUnreadAnswers({ all: 64 * MiB, each: MiB });
  const showManifest = async (): Promise<string> => {
    made += 1;
    return 'x'.repeat(LONG);
  };
  const port = await listen({ unreadAnswers, showManifest });
  const asked = Array.from({ length: 8 }, () => ask(port, manifest));
  await eventually(() => expect(unreadAnswers.total()).toBeGreaterThanOrEqual(LONG));
  // Two may be under way at once, and neither was unread when they began.
  expect(made).toBeLessThanOrEqual(2);
  asked.forEach(({ read }) => read());
  await eventually(() => expect(asked.every(({ bytes }) => bytes() > LONG)).toBe(true));
  expect(made).toBe(8);
  await eventually(() => expect(unreadAnswers.total()).toBe(0));
});

test.each([
  ['/api/v1/secret/demo', 1],
  ['/api/v1/pvc/demo', 1],
  ['/api/v1/pod/demo/name/web/events', 1],
  ['/api/v1/pod/demo/name/web/logs', 1],
  ['/api/v1/pod/demo/name/web/logs?follow=true', 0],
  ['/api/v1/release/demo/name/web/events', 1],
  ['/api/v1/release/demo/name/web/object?kind=Pod&name=web', 1],
  ['/api/v1/release/demo/name/web/manifest', 0],
])('%s takes %i place at the gate for reads of the cluster', async (path, places) => {
  const gate = createFairGate({ all: 1, each: 1 });
  let taken = 0;
  const run: FairGate['run'] = (holder, work) => {
    taken += 1;
    return gate.run(holder, work);
  };
  const port = await listen({ clusterReads: { run, load: gate.load }, showManifest: async () => 'x' });
  const asked = ask(port, path);
  asked.read();
  await eventually(() => expect(asked.bytes()).toBeGreaterThan(0));
  expect(taken).toBe(places);
});

test('probes are answered while others of the same address read nothing', async () => {
  const unreadAnswers = createUnreadAnswers({ all: 64 * MiB, each: MiB });
  const port = await listen({ unreadAnswers, showManifest: async () => 'x'.repeat(LONG) });
  Array.from({ length: 8 }, () => ask(port, manifest));
  await eventually(() => expect(unreadAnswers.total()).toBeGreaterThanOrEqual(LONG));
  const liveness = ask(port, '/liveness');
  liveness.read();
  await eventually(() => expect(liveness.bytes()).toBeGreaterThan(0));
});

test('the connection of one that takes nothing is closed, and its answer no longer counted', async () => {
  const unreadAnswers = createUnreadAnswers({ all: 64 * MiB, each: MiB });
  const port = await listen({ unreadAnswers, answerIdleMs: 50, showManifest: async () => 'x'.repeat(LONG) });
  const stalled = ask(port, manifest);
  await eventually(() => expect(unreadAnswers.total()).toBeGreaterThanOrEqual(LONG));
  await eventually(() => expect(unreadAnswers.total()).toBe(0));
  stalled.read();
  await eventually(() => expect(stalled.isClosed()).toBe(true));
  expect(stalled.bytes()).toBeLessThan(LONG);
});

test('long lists wait for their reader as well', async () => {
  const unreadAnswers = createUnreadAnswers({ all: 64 * MiB, each: MiB });
  const warnings = [{ code: 'LONG', message: 'x'.repeat(LONG) }];
  const getRelease = (async () => ({ warnings })) as unknown as FakeServices['getRelease'];
  const port = await listen({ unreadAnswers, getRelease: getRelease! });
  const asked = Array.from({ length: 5 }, () => ask(port, '/api/v1/release/demo/name/web'));
  await eventually(() => expect(unreadAnswers.total()).toBeGreaterThanOrEqual(LONG));
  asked.forEach(({ read }) => read());
  await eventually(() => expect(asked.every(({ bytes }) => bytes() > LONG)).toBe(true));
  await eventually(() => expect(unreadAnswers.total()).toBe(0));
});

test('of long answers a caller has one made at a time, and none while theirs are unread', async () => {
  const unreadAnswers = createUnreadAnswers({ all: 64 * MiB, each: MiB });
  const places = { longAnswers: createFairGate({ all: 2, each: 1 }), unreadAnswers, answerIdleMs: 0 };
  const made: string[] = [];
  const open = new AbortController().signal;
  const begin = (caller: string) => {
    const place = placeForLong(
      { ...places, recordReads: places.longAnswers, clusterReads: places.longAnswers },
      caller,
      open,
    );
    void place.whenLong().then(() => made.push(caller));
    return place;
  };
  const [first, second, other] = [begin('eve'), begin('eve'), begin('ann')];
  await eventually(() => expect(made).toEqual(['eve', 'ann']));
  const take = unreadAnswers.add('eve', 2 * MiB);
  first.done();
  other.done();
  const third = begin('ann');
  await eventually(() => expect(made).toEqual(['eve', 'ann', 'ann']));
  take();
  await eventually(() => expect(made).toEqual(['eve', 'ann', 'ann', 'eve']));
  second.done();
  third.done();
  await eventually(() => expect(places.longAnswers.load()).toEqual({ running: 0, waiting: 0 }));
});
