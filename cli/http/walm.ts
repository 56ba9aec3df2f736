import { backoffMs } from '../../contract/backoff.ts';
import { createEventReader, type RawEvent } from '../../contract/event-reader.ts';
import { NotReached, readProblem, Refusal } from '../errors/failures.ts';
import { requestOf, type Call, type HttpRequest, type OperationName } from './request.ts';
import type { Answer, OpenAnswer, Transport } from './transport.ts';

/** The value of the header `Authorization`, made when it is needed. */
export interface Authorization {
  /** @throws Error with what to do if the credential cannot be read */
  header(): Promise<string | undefined>;
  /** After a 401: forgets what was kept. Whether another attempt makes sense. */
  renew(): boolean;
}

/** Calls of the API. Error responses are thrown. */
export interface Walm {
  /** @throws Refusal, NotReached */
  call(operation: OperationName, call: Call): Promise<Answer>;
  /**
   * A change: sent again with the same key where the connection breaks or the server cannot answer now, at most five
   * times.
   */
  change(operation: OperationName, call: Call, key: string): Promise<Answer>;
  send(request: HttpRequest): Promise<Answer>;
  /** Opens an answer that is read piece by piece: when it resolves, it has begun. It ends with the log or the signal. */
  open(operation: OperationName, call: Call, signal: AbortSignal): Promise<OpenAnswer>;
  /** Opens the stream of events: when it resolves, no event is missed. The events end with the stream or the signal. */
  openEvents(query: Call['query'], lastId: string, signal: AbortSignal): Promise<AsyncGenerator<RawEvent>>;
}

const MAX_REPETITIONS = 5;
const BACKOFF = { initialMs: 400, maxMs: 10_000 };

export interface WalmOptions {
  readonly transport: Pick<Transport, 'send' | 'open' | 'wasReached'>;
  readonly authorization: Authorization;
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  /** Returns numbers in [0, 1): callers whose server failed at once do not all come back at once. */
  readonly random: () => number;
}

/** Creates the client of a run. */
export function createWalm({ transport, authorization, pause, random }: WalmOptions): Walm {
  async function authorized(request: HttpRequest): Promise<HttpRequest> {
    const header = await authorization.header();
    return header === undefined ? request : { ...request, headers: { ...request.headers, authorization: header } };
  }

  async function sendOnce(request: HttpRequest): Promise<Answer> {
    const answer = await transport.send(await authorized(request));
    if (answer.status === 401 && authorization.renew()) {
      return checked(await transport.send(await authorized(request)));
    }
    return checked(answer);
  }

  async function sendAgain(request: HttpRequest): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await sendOnce(request);
      } catch (error) {
        if (attempt > MAX_REPETITIONS || !mayPass(error, transport.wasReached())) throw error;
        await pause(backoffMs(attempt, BACKOFF, random));
      }
    }
  }

  async function openOnce(request: HttpRequest, signal: AbortSignal): Promise<OpenAnswer> {
    const answer = await transport.open(await authorized(request), signal);
    if (answer.status === 200) return answer;
    let text = '';
    for await (const piece of answer.pieces) text += piece;
    throw new Refusal(answer.status, text, readProblem(text));
  }

  async function open(operation: OperationName, call: Call, signal: AbortSignal): Promise<OpenAnswer> {
    const request = requestOf(operation, call);
    try {
      return await openOnce(request, signal);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 401 || !authorization.renew()) throw error;
      return openOnce(request, signal);
    }
  }

  return {
    send: sendOnce,
    call: (operation, call) => sendOnce(requestOf(operation, call)),
    change: (operation, call, key) =>
      sendAgain(requestOf(operation, { ...call, headers: { ...call.headers, 'idempotency-key': key } })),
    open,
    async openEvents(query, lastId, signal) {
      const headers = { accept: 'text/event-stream', ...(lastId !== '' && { 'last-event-id': lastId }) };
      const answer = await open('streamEvents', { ...(query && { query }), headers }, signal);
      return eventsOf(answer, lastId, signal);
    },
  };
}

async function* eventsOf(answer: OpenAnswer, lastId: string, signal: AbortSignal): AsyncGenerator<RawEvent> {
  const reader = createEventReader(lastId);
  try {
    for await (const piece of answer.pieces) yield* reader.read(piece);
  } catch (error) {
    if (!signal.aborted)
      throw new NotReached('the server', `the event stream was cut off: ${String(error)}`, undefined);
  } finally {
    answer.close();
  }
}

function checked(answer: Answer): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  if (answer.status >= 300 && answer.status < 400) {
    const location = answer.headers['location'];
    const where = typeof location === 'string' ? ` to ${location.slice(0, 200)}` : '';
    throw new Refusal(
      answer.status,
      `the server redirects${where}, which is not followed: name its own address`,
      undefined,
    );
  }
  throw new Refusal(answer.status, answer.text, readProblem(answer.text));
}

/** Whether a change that failed like this may succeed if it is sent again. */
function mayPass(error: unknown, wasReached: boolean): boolean {
  if (error instanceof NotReached) return wasReached;
  // A 502 with a problem is the server's own answer, about something that failed behind it.
  return error instanceof Refusal && (error.status === 503 || (error.status === 502 && error.problem === undefined));
}
