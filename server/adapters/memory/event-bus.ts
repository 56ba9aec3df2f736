import { type EventBus, type EventRecord, EventsUndelivered } from '../../ports/runtime/event-bus.ts';

/** A bus whose receiver is this process; `fail` makes it refuse, like an outage, until it is called with false. */
export type MemoryEventBus = EventBus & {
  readonly published: readonly EventRecord[];
  fail(failing: boolean): void;
};

/** Keeps what was published, in order. */
export function createMemoryEventBus(): MemoryEventBus {
  const published: EventRecord[] = [];
  let refusing = false;
  return {
    published,
    fail: (failing) => (refusing = failing),
    publish(records) {
      if (records.length > 0 && refusing) {
        return Promise.reject(new EventsUndelivered(records, new Error('the event bus takes no records')));
      }
      published.push(...records);
      return Promise.resolve();
    },
    close() {
      refusing = true;
      return Promise.resolve();
    },
  };
}
