/** Default seconds that a caller waits for a change (decision 28: `timeoutSec`). */
export const DEFAULT_WAIT_SEC = { release: 60, project: 600 } as const;
