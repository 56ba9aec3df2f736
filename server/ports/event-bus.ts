/** One record for the outside world. Records of one key keep their order. */
export type EventRecord = { topic: string; key: string; value: string };

/** Where the changes of releases are published for other systems. */
export interface EventBus {
  /**
   * Resolves when everything is durable at the receiver, in the order given. Rejects when that is not certain: some
   * of it may have arrived, and publishing again is right (at least once). One call at a time.
   * @throws ProblemError EVENTS_UNDELIVERED
   */
  publish(records: readonly EventRecord[]): Promise<void>;
  /** Ends the connections; nothing is published afterwards. */
  close(): Promise<void>;
}
