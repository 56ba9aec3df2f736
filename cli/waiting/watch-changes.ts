import type { RawEvent } from '../../contract/event-reader.ts';
import { Refusal } from '../errors/failures.ts';
import type { Session } from '../session/session.ts';

/** What is watched: a namespace, or a release in it; nothing: everything that the caller may see. */
export interface Scope {
  readonly namespace?: string;
  readonly release?: string;
  readonly types?: string;
}

/** Says when it is worth looking again. */
export interface Changes {
  /** Resolves at the next event, or after 2 s: a stream may be refused, or be that of another replica. */
  next(): Promise<void>;
  close(): void;
}

/** Without events nothing is asked for more often than this. */
const POLL_MS = 2000;
/** However many events come, nothing is asked for more often than this. */
const MIN_INTERVAL_MS = 250;
const RECONNECT_MS = 1000;

/**
 * Watches for changes; when it resolves, the stream of events is open, or has been refused. A stream that breaks off is
 * opened again.
 */
export async function watchChanges(session: Session, scope: Scope, signal: AbortSignal): Promise<Changes> {
  const closing = new AbortController();
  const both = AbortSignal.any([signal, closing.signal]);
  let happened = false;
  let wake: (() => void) | undefined;
  let opened: () => void = () => undefined;
  const isOpen = new Promise<void>((resolve) => (opened = resolve));
  const signalChange = () => {
    happened = true;
    wake?.();
  };
  void keepListening(session, scope, both, opened, signalChange).finally(opened);
  await isOpen;

  return {
    async next() {
      await session.io.pause(MIN_INTERVAL_MS, both);
      if (!happened && !both.aborted) {
        const enough = new AbortController();
        wake = () => enough.abort();
        await session.io.pause(POLL_MS - MIN_INTERVAL_MS, AbortSignal.any([both, enough.signal]));
        wake = undefined;
      }
      happened = false;
    },
    close: () => closing.abort(),
  };
}

/** Listens until the signal is aborted or the server refuses streams. */
async function keepListening(
  session: Session,
  scope: Scope,
  signal: AbortSignal,
  opened: () => void,
  onEvent: (event: RawEvent) => void,
): Promise<void> {
  const { walm } = await session.connect();
  let lastId = '';
  while (!signal.aborted) {
    try {
      const events = await walm.openEvents(queryOf(scope), lastId, signal);
      opened();
      for await (const event of events) {
        lastId = event.id;
        onEvent(event);
      }
    } catch (error) {
      // Whoever asks for objects next reports that they are refused or not reached; here the stream is only missing.
      if (error instanceof Refusal && error.status < 500) return;
      opened();
    }
    await session.io.pause(RECONNECT_MS, signal);
  }
}

/** The query of a stream. */
export function queryOf({ namespace, release, types }: Scope) {
  return { namespace, release, type: types };
}
