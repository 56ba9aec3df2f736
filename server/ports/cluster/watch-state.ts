/** How a watch of the cluster is doing. */
export type WatchState = {
  kind: string;
  /** When the API server was last heard on it, in milliseconds since the epoch; 0: never. */
  heardAt: number;
  /** Why the last attempt failed; null when it did not. */
  problem: string | null;
};
