import type { ReleaseStatusChange, StreamEvent } from '../../../contract/schemas/event.ts';
import { type EventFilter, passes } from './event-filter.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { seenAmong, type VisibleNamespaces } from '../access/visible-namespaces.ts';
import { type EventLog, eventText } from './event-log.ts';

export type FollowEventsDeps = {
  log: Pick<EventLog, 'since' | 'subscribe'>;
  /** The present state of every release. */
  present: () => Iterable<ReleaseStatusChange>;
  clock: Pick<Clock, 'after'>;
};

const HEARTBEAT_MS = 15_000;
const HEARTBEAT = ': still here\n\n';
/** A client that falls behind by this many events is disconnected; it reconnects with the id of its last event. */
const MAX_WAITING = 2_000;

/**
 * An authenticated client has to send its token again after this time: the stream ends and the client reconnects by
 * itself.
 */
const KNOWN_MS = 5 * 60_000;

/** A part of a stream. `namespace` null: it concerns no namespace. */
type Piece = { namespace: string | null; text: string };

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
        .map(({ event, text }) => ({ namespace: event.data.namespace, text }));
    }
    const state = [...present()]
      .map((data): StreamEvent => ({ type: 'release', data }))
      .filter((event) => passes(filter, event))
      .map((event) => ({ namespace: event.data.namespace, text: eventText(null, event.type, event.data) }));
    return [{ namespace: null, text: eventText(null, 'reset', {}) }, ...state];
  }

  return function followEvents(filter, lastEventId, visible, signal) {
    let end = (): void => undefined;
    return new ReadableStream<string>(
      {
        start(controller) {
          let beat = (): void => undefined;
          let turn = Promise.resolve();
          let waiting = 0;
          let ended = false;
          const send = (text: string) => {
            controller.enqueue(text);
            beat();
            beat = clock.after(HEARTBEAT_MS, () => send(HEARTBEAT));
            if ((controller.desiredSize ?? 0) < 0) {
              close();
            }
          };
          /** Sends the visible parts, after those that were offered before. */
          const offer = (pieces: readonly Piece[]) => {
            if (visible === null) {
              send(pieces.map(({ text }) => text).join(''));
              return;
            }
            waiting += 1;
            if (waiting > MAX_WAITING) {
              close();
              return;
            }
            turn = turn.then(async () => {
              try {
                const seen = ended ? new Set<string>() : await seenAmong(visible, pieces.flatMap(namespaceOf));
                const texts = pieces.filter(({ namespace }) => namespace === null || (seen?.has(namespace) ?? true));
                if (!ended && texts.length > 0) {
                  send(texts.map(({ text }) => text).join(''));
                }
              } catch {
                // The client reconnects with the id of its last event.
                close();
              }
              waiting -= 1;
            });
          };
          const unsubscribe = log.subscribe(({ event, text }) => {
            if (passes(filter, event)) {
              offer([{ namespace: event.data.namespace, text }]);
            }
          });
          const letGo = visible === null ? () => undefined : clock.after(KNOWN_MS, () => close());
          end = () => {
            ended = true;
            letGo();
            beat();
            unsubscribe();
            signal.removeEventListener('abort', close);
          };
          const close = () => {
            if (!ended) {
              end();
              controller.close();
            }
          };
          signal.addEventListener('abort', close, { once: true });
          offer([{ namespace: null, text: 'retry: 2000\n\n' }, ...catchUp(filter, lastEventId)]);
        },
        cancel: () => end(),
      },
      { highWaterMark: MAX_WAITING },
    );
  };
}

function namespaceOf({ namespace }: Piece): string[] {
  return namespace === null ? [] : [namespace];
}
