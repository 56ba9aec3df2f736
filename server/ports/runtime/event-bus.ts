/** A record for external consumers. Records with the same key keep their order. */
export type EventRecord = { topic: string; key: string; value: string };

/** Thrown if it is not certain that records arrived. */
export class EventsUndelivered extends Error {
  /** `records` for their number, and the topics they were sent to. */
  constructor(records: readonly EventRecord[], cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const topics = [...new Set(records.map(({ topic }) => topic))].join(', ');
    super(`${records.length} records for ${topics} were not acknowledged: ${reason}`, { cause });
    this.name = 'EventsUndelivered';
  }
}

/** Publishes changes of releases to other systems. */
export interface EventBus {
  /**
   * Resolves when all records are durable at the receiver, in the given order. Rejects if that is not certain: some may
   * have arrived, and publishing them again is correct (at least once). One call at a time.
   * @throws EventsUndelivered
   */
  publish(records: readonly EventRecord[]): Promise<void>;
  /** Closes the connections; nothing is published afterwards. */
  close(): Promise<void>;
}
