/** One record for the outside world. Records of one key keep their order. */
export type EventRecord = { topic: string; key: string; value: string };

/** Thrown when it is not certain that records arrived. */
export class EventsUndelivered extends Error {
  /** `records` are how many, `topics` where to. */
  constructor(records: readonly EventRecord[], cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const topics = [...new Set(records.map(({ topic }) => topic))].join(', ');
    super(`${records.length} records for ${topics} were not acknowledged: ${reason}`, { cause });
    this.name = 'EventsUndelivered';
  }
}

/** Where the changes of releases are published for other systems. */
export interface EventBus {
  /**
   * Resolves when everything is durable at the receiver, in the order given. Rejects when that is not certain: some
   * of it may have arrived, and publishing again is right (at least once). One call at a time.
   * @throws EventsUndelivered
   */
  publish(records: readonly EventRecord[]): Promise<void>;
  /** Ends the connections; nothing is published afterwards. */
  close(): Promise<void>;
}
