import type { ReleaseStatusChange, StreamEvent } from '../../../contract/schemas/event.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { seenAmong, type VisibleNamespaces } from '../access/visible-namespaces.ts';
import { createYieldTurn } from '../jobs/cooperative-yield.ts';
import { type EventFilter, passes } from './event-filter.ts';
import { type EventLog, eventText } from './event-log.ts';

export type FollowEventsDeps = {
  log: Pick<EventLog, 'latest' | 'nowhere' | 'since' | 'subscribe'>;
  /** The present state of every release. */
  present: () => Iterable<ReleaseStatusChange>;
  clock: Pick<Clock, 'after' | 'now'>;
};

const HEARTBEAT_MS = 15_000;
const HEARTBEAT = ': still here\n\n';
/** A client with this many events waiting for its rights is disconnected; it reconnects with the id of its last event. */
const MAX_WAITING = 2_000;
/** Characters that wait to be read; a reader that is further behind is let go, too. */
const MAX_UNREAD = 1024 * 1024;
/** Characters that are written at once of what a reader has missed: the next ones when these are read. */
const PIECE = 64 * 1024;

/**
 * An authenticated client has to send its token again after this time: the stream ends and the client reconnects by
 * itself.
 */
const KNOWN_MS = 5 * 60_000;

/** A part of a stream, written when it is sent. `namespace` null: it concerns no namespace. */
type Piece = { namespace: string | null; text: () => string };

/**
 * Streams visible events as text, from `lastEventId` on if it is known. Access is checked for every event when it is
 * sent, so revoked rights take effect at once. The stream ends when `signal` is aborted, when the client does not keep
 * up, when access cannot be checked, and for an authenticated client after 5 minutes.
 */
export type FollowEvents = (
  filter: EventFilter,
  lastEventId: string | undefined,
  visible: VisibleNamespaces | null,
  signal: AbortSignal,
) => ReadableStream<string>;

export function createFollowEvents({ log, present, clock }: FollowEventsDeps): FollowEvents {
  function catchUp(filter: EventFilter, lastEventId: string | undefined): Piece[] {
    if (lastEventId === undefined) {
      return [];
    }
    const missed = log.since(lastEventId);
    if (missed !== null) {
      return missed
        .filter(({ event }) => passes(filter, event))
        .map((one) => ({ namespace: one.event.data.namespace, text: () => one.text }));
    }
    const latest = log.latest();
    const state = [...present()]
      .map((data): StreamEvent => ({ type: 'release', data }))
      .filter((event) => passes(filter, event))
      .map((event) => ({
        namespace: event.data.namespace,
        text: () => eventText(null, event.type, event.data),
      }));
    // A client that is disconnected in between has not got all of the state, and must get it again.
    return [
      { namespace: null, text: () => eventText(log.nowhere(), 'reset', {}) },
      ...state,
      { namespace: null, text: () => eventText(latest, 'synced', {}) },
    ];
  }

  return function followEvents(filter, lastEventId, visible, signal) {
    let end = (): void => undefined;
    /** Goes on with what waits to be read. */
    let resume = (): void => undefined;
    return new ReadableStream<string>(
      {
        start(controller) {
          const yieldTurn = createYieldTurn(clock);
          let beat = (): void => undefined;
          let turn = Promise.resolve();
          let waiting = 0;
          let ended = false;
          const isFull = () => (controller.desiredSize ?? 0) <= 0;
          const send = (text: string) => {
            controller.enqueue(text);
            beat();
            beat = clock.after(HEARTBEAT_MS, () => live(HEARTBEAT));
          };
          /** A reader that does not keep up with what happens is let go. */
          const live = (text: string) => {
            if (isFull()) {
              close();
            } else {
              send(text);
            }
          };
          /** However much a reader has missed, no more of it is held than they read. */
          const sendMissed = async (pieces: readonly Piece[]) => {
            let text = '';
            for (const [at, piece] of pieces.entries()) {
              text += piece.text();
              if (text.length >= PIECE || at === pieces.length - 1) {
                while (!ended && isFull()) {
                  await new Promise<void>((read) => (resume = read));
                }
                if (ended) {
                  return;
                }
                send(text);
                text = '';
                await yieldTurn();
              }
            }
          };
          /** Sends the visible parts, after those that were offered before. */
          const offer = (pieces: readonly Piece[], sendSeen: (seen: readonly Piece[]) => void | Promise<void>) => {
            waiting += 1;
            if (waiting > MAX_WAITING) {
              close();
              return;
            }
            turn = turn.then(async () => {
              try {
                const all = ended || visible === null ? null : await seenAmong(visible, pieces.flatMap(namespaceOf));
                const seen = pieces.filter(({ namespace }) => namespace === null || (all?.has(namespace) ?? true));
                if (!ended && seen.length > 0) {
                  await sendSeen(seen);
                }
              } catch {
                // The client reconnects with the id of its last event.
                close();
              }
              waiting -= 1;
            });
          };
          const unsubscribe = log.subscribe(({ event, text }) => {
            if (!passes(filter, event)) {
              return;
            }
            if (visible === null && waiting === 0) {
              live(text);
            } else {
              offer([{ namespace: event.data.namespace, text: () => text }], () => live(text));
            }
          });
          const letGo = visible === null ? () => undefined : clock.after(KNOWN_MS, () => close());
          end = () => {
            ended = true;
            letGo();
            beat();
            unsubscribe();
            resume();
            signal.removeEventListener('abort', close);
          };
          const close = () => {
            if (!ended) {
              end();
              controller.close();
            }
          };
          signal.addEventListener('abort', close, { once: true });
          offer([{ namespace: null, text: () => 'retry: 2000\n\n' }, ...catchUp(filter, lastEventId)], sendMissed);
        },
        pull: () => resume(),
        cancel: () => end(),
      },
      { highWaterMark: MAX_UNREAD, size: (text) => text.length },
    );
  };
}

function namespaceOf({ namespace }: Piece): string[] {
  return namespace === null ? [] : [namespace];
}
