/**
 * Which replica changes releases: at most one holds the lead at a time, as far as clocks can tell. What a former leader
 * still does is fenced by Helm's atomic creation of revision records (decision 26).
 */
export interface Leadership {
  /** Whether this replica holds the lead now; false as soon as it cannot be sure any more. */
  isLeader(): boolean;
  /** Whether any replica, this one or another, leads, as far as this one has seen. */
  isLed(): boolean;
  /** Calls back with the new state each time it changes. */
  subscribe(listener: (leading: boolean) => void): () => void;
  /** Seeks and keeps the lead until `signal` is aborted, then gives it back so that another can follow at once. */
  run(signal: AbortSignal): Promise<void>;
}
