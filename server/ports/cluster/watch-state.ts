/** The state of a watch of the cluster. */
export type WatchState = {
  kind: string;
  /** When the last message of the API server arrived on it, in milliseconds since the epoch; 0: never. */
  heardAt: number;
  /** Why the last attempt failed; null if it did not. */
  problem: string | null;
};
