import { expect, it } from 'vitest';
import { createClient } from './client.ts';
import type { ClientEvent } from './follow-events.ts';

/** What a connection does: sends these pieces and ends, refuses, or says nothing for good. */
type Behaviour = readonly string[] | Response | Error | 'silent';

/** A server whose stream behaves like this, connection by connection; `stop` is aborted when none is left. */
function streaming(behaviours: readonly Behaviour[], silence = false) {
  const stop = new AbortController();
  const asked: (string | null)[] = [];
  const waits: number[] = [];
  const next = behaviours.values();
  const client = createClient('https://walm.example', {
    random: () => 0,
    async wait(ms, signal) {
      if (ms === 45_000) {
        return silence ? undefined : new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
      }
      waits.push(ms);
      return undefined;
    },
    async fetch(_, init) {
      asked.push(new Headers(init?.headers).get('last-event-id'));
      const { value, done } = next.next();
      if (done) {
        stop.abort();
        throw stop.signal.reason;
      }
      if (value instanceof Error) {
        throw value;
      }
      return value instanceof Response ? value : new Response(bodyOf(value));
    },
  });
  return { client, asked, waits, signal: stop.signal };
}

function bodyOf(pieces: readonly string[] | 'silent'): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (pieces !== 'silent') {
        pieces.forEach((piece) => controller.enqueue(new TextEncoder().encode(piece)));
        controller.close();
      }
    },
  });
}

async function collect(events: AsyncIterable<ClientEvent>): Promise<ClientEvent[]> {
  const all: ClientEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const release = (id: string) => `id: ${id}\nevent: release\ndata: {"name":"web","sequence":1}\n\n`;

it('continues after the last id when a stream ends or breaks', async () => {
  const { client, asked, waits, signal } = streaming([
    ['retry: 1000\n\n', release('a-1'), release('a-2')],
    new TypeError('fetch failed'),
    new Response('{}', { status: 503, headers: { 'retry-after': '3' } }),
    [': still here\n\n', 'event: reset\ndata: {}\n\n', 'event: of a later version\ndata: {}\n\n', release('b-1')],
  ]);
  const events = await collect(client.events({ signal }));
  expect(events.map(({ type, id }) => `${type} ${id}`)).toEqual([
    'release a-1',
    'release a-2',
    'reset a-2',
    'release b-1',
  ]);
  expect(asked).toEqual([null, 'a-2', 'a-2', 'a-2', 'b-1']);
  expect(waits).toEqual([1000, 250, 3000, 125]);
});

it('begins after the id that it is given', async () => {
  const { client, asked, signal } = streaming([]);
  expect(await collect(client.events({ lastEventId: 'x-9', signal }))).toEqual([]);
  expect(asked).toEqual(['x-9']);
});

it('opens a silent stream again', async () => {
  const { client, asked, signal } = streaming(['silent'], true);
  expect(await collect(client.events({ signal }))).toEqual([]);
  expect(asked).toHaveLength(2);
});

it('throws what the server refuses for good', async () => {
  const refusal = Response.json({ errMessage: 'no such type', code: 'QUERY_INVALID' }, { status: 400 });
  const { client } = streaming([refusal]);
  await expect(client.events({ query: { type: 'nonsense' } }).next()).rejects.toMatchObject({
    status: 400,
    code: 'QUERY_INVALID',
  });
});

it('lets go of the stream when the consumer stops', async () => {
  const { client } = streaming([[release('a-1'), release('a-2')]]);
  for await (const event of client.events()) {
    expect(event).toMatchObject({ type: 'release', data: { name: 'web' } });
    break;
  }
});
