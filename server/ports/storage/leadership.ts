/**
 * A period in which one replica leads without a break. Within a process each term has a higher `number` than the one
 * before; `untilMs`, in milliseconds since the epoch, is when it ends unless renewed: until then no other replica
 * leads.
 */
export type Term = { number: number; untilMs: number };

/**
 * Leader election: at most one replica leads at a time, as far as clocks can tell. A former leader is fenced by Helm's
 * atomic creation of revision records (decision 26: only the leader changes releases).
 */
export interface Leadership {
  /** Whether this replica leads now; false as soon as that is not certain any more. */
  isLeader(): boolean;
  /** The present term; null if this replica does not lead, or is not certain any more. */
  term(): Term | null;
  /** Calls back with the term each time it starts or is renewed. */
  onRenewed(listener: (term: Term) => void): () => void;
  /** Whether any replica leads, this one or another, as far as this one knows. */
  isLed(): boolean;
  /** Calls back with the new state each time it changes. */
  subscribe(listener: (leading: boolean) => void): () => void;
  /**
   * Seeks and keeps the lead until `signal` is aborted, then releases it so that another replica can follow at once.
   */
  run(signal: AbortSignal): Promise<void>;
}
