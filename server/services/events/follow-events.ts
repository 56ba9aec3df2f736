import type { ReleaseStatusChange, StreamEvent } from '../../../contract/event.ts';
import { type EventFilter, passes } from '../../domain/event-filter.ts';
import type { Clock } from '../../ports/clock.ts';
import { type EventLog, eventText } from './event-log.ts';

export type FollowEventsDeps = {
  log: Pick<EventLog, 'since' | 'subscribe'>;
  /** How every release is doing now. */
  present: () => Iterable<ReleaseStatusChange>;
  clock: Pick<Clock, 'after'>;
};

const HEARTBEAT_MS = 15_000;
const HEARTBEAT = ': still here\n\n';
/** A reader that is this far behind is let go: it comes back with the id of the last event that it has. */
const MOST_WAITING = 2_000;

/**
 * Follows events as the text of a stream, from `lastEventId` on where it is known. The stream ends when `signal` is
 * aborted, or when its reader does not keep up.
 */
export function createFollowEvents({ log, present, clock }: FollowEventsDeps) {
  function catchUp(filter: EventFilter, lastEventId: string | undefined): string[] {
    if (lastEventId === undefined) {
      return [];
    }
    const missed = log.since(lastEventId);
    if (missed !== null) {
      return missed.filter(({ event }) => passes(filter, event)).map(({ text }) => text);
    }
    const state = [...present()]
      .map((data): StreamEvent => ({ type: 'release', data }))
      .filter((event) => passes(filter, event))
      .map((event) => eventText(null, event.type, event.data));
    return [eventText(null, 'reset', {}), ...state];
  }

  return (filter: EventFilter, lastEventId: string | undefined, signal: AbortSignal): ReadableStream<string> => {
    let end = (): void => undefined;
    return new ReadableStream<string>(
      {
        start(controller) {
          let beat = (): void => undefined;
          const send = (text: string) => {
            controller.enqueue(text);
            beat();
            beat = clock.after(HEARTBEAT_MS, () => send(HEARTBEAT));
            if ((controller.desiredSize ?? 0) < 0) {
              close();
            }
          };
          const unsubscribe = log.subscribe(({ event, text }) => {
            if (passes(filter, event)) {
              send(text);
            }
          });
          end = () => {
            beat();
            unsubscribe();
            signal.removeEventListener('abort', close);
          };
          const close = () => {
            end();
            controller.close();
          };
          signal.addEventListener('abort', close, { once: true });
          const state = catchUp(filter, lastEventId);
          send(`retry: 2000\n\n${state.join('')}`);
        },
        cancel: () => end(),
      },
      { highWaterMark: MOST_WAITING },
    );
  };
}
