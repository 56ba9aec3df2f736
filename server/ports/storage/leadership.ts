/**
 * A time in which one replica leads without a break. Within a process each has a higher `number` than the one before;
 * `untilMs`, in milliseconds since the epoch, is when it ends unless it is renewed: until then no other replica leads.
 */
export type Term = { number: number; untilMs: number };

/**
 * Which replica changes releases: at most one holds the lead at a time, as far as clocks can tell. What a former leader
 * still does is fenced by Helm's atomic creation of revision records (decision 26).
 */
export interface Leadership {
  /** Whether this replica holds the lead now; false as soon as it cannot be sure any more. */
  isLeader(): boolean;
  /** The present term; null when this replica does not lead, or cannot be sure any more. */
  term(): Term | null;
  /** Calls back with the term each time it is begun or renewed. */
  onRenewed(listener: (term: Term) => void): () => void;
  /** Whether any replica, this one or another, leads, as far as this one has seen. */
  isLed(): boolean;
  /** Calls back with the new state each time it changes. */
  subscribe(listener: (leading: boolean) => void): () => void;
  /** Seeks and keeps the lead until `signal` is aborted, then gives it back so that another can follow at once. */
  run(signal: AbortSignal): Promise<void>;
}
