/** Seconds that a caller waits for a change who does not say how long (decision 28). */
export const DEFAULT_WAIT_SEC = { release: 60, project: 600 } as const;
