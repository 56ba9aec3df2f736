/** Default seconds that a caller waits for a change (decision 28: `timeoutSec`). */
export const DEFAULT_WAIT_SEC = { release: 60, project: 600 } as const;

/** A caller waits at most a day. */
export const MAX_WAIT_SEC = 86_400;
