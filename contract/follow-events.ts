import { requestOf, type CallParts } from './call.ts';
import type { Connection } from './client-options.ts';
import { createEventReader, type EventReader, type RawEvent } from './event-reader.ts';
import { parseExact } from './exact-json.ts';
import type { Route } from './route.ts';
import { authorize, pauseAfter, sendOnce } from './send-call.ts';
import type { StreamEvent } from './schemas/event.ts';

/**
 * An event of the stream, with the id to continue after; empty until an event has one. `reset`: what came since the
 * last id is not known any more, and the present state of every release follows.
 */
export type ClientEvent = (
  | StreamEvent
  | { readonly type: 'reset'; readonly data: Readonly<Record<string, unknown>> }
  | { readonly type: 'synced'; readonly data: Readonly<Record<string, unknown>> }
) & { readonly id: string };

/** Events of other types come from a later version of Walm: they are left out. */
const KNOWN: ReadonlySet<string> = new Set<ClientEvent['type']>(['release', 'task', 'reset', 'synced']);

/** A stream says something at least every 15 s: one that is silent for so long is dead. */
const SILENCE_MS = 45_000;

/** A dead stream is opened again, like one that ended. */
class Silence extends TypeError {}

/**
 * Follows the events of the server without a gap: a stream that ends or breaks is opened again after the last id. Ends
 * when the signal is aborted, or the consumer stops.
 * @throws ApiError if the server refuses the stream for good: no right, no such event type
 */
export async function* followEvents(
  connection: Connection,
  route: Route,
  call: CallParts & { readonly signal?: AbortSignal },
): AsyncGenerator<ClientEvent, void, undefined> {
  let { lastEventId } = call;
  /** How many streams in a row brought nothing. */
  let failures = 0;
  /** Ends the open stream when the consumer stops. */
  const stop = new AbortController();
  const signal = call.signal === undefined ? stop.signal : AbortSignal.any([call.signal, stop.signal]);
  try {
    while (!signal.aborted) {
      const given = { accept: 'text/event-stream', ...call, ...(lastEventId !== undefined && { lastEventId }) };
      const reader = createEventReader(lastEventId);
      const request = await authorize(connection, requestOf(route, connection.base, given, connection.headers));
      let pause: number | null = null;
      try {
        for await (const event of readStream(connection, request, reader, signal)) {
          failures = 0;
          lastEventId = event.id === '' ? lastEventId : event.id;
          if (KNOWN.has(event.type)) {
            // The server's own events; the compiler cannot know which data belongs to which type.
            yield { type: event.type, data: parseExact(event.data), id: event.id } as ClientEvent;
          }
        }
        failures += 1;
        pause = pauseAfter(new TypeError('the stream ended'), failures, connection.random);
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        failures += 1;
        pause = pauseAfter(error, failures, connection.random);
        if (pause === null) {
          throw error;
        }
      }
      await connection.wait(Math.max(pause ?? 0, failures === 1 ? (reader.retryMs() ?? 0) : 0), signal);
    }
  } finally {
    stop.abort();
  }
}

/** The events of one stream. @throws ApiError, TypeError if the connection fails or is silent */
async function* readStream(
  connection: Connection,
  request: Parameters<typeof sendOnce>[1],
  reader: EventReader,
  signal: AbortSignal,
): AsyncGenerator<RawEvent, void, undefined> {
  const silent = new AbortController();
  const answer = await sendOnce(connection, request, AbortSignal.any([signal, silent.signal]));
  const pieces = answer.body?.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string>).getReader();
  try {
    for (;;) {
      const piece = await unlessSilent(connection, pieces?.read(), silent);
      if (piece === undefined || piece.done) {
        return;
      }
      yield* reader.read(piece.value);
    }
  } finally {
    silent.abort();
  }
}

async function unlessSilent<T>({ wait }: Connection, read: Promise<T> | undefined, silent: AbortController) {
  const done = new AbortController();
  const silence = wait(SILENCE_MS, done.signal).then(() => {
    if (!done.signal.aborted) {
      const reason = new Silence('the stream of events is silent');
      silent.abort(reason);
      throw reason;
    }
    return undefined;
  });
  try {
    return await Promise.race([read, silence.then(() => read)]);
  } finally {
    done.abort();
  }
}
