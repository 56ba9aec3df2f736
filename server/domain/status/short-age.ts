const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/**
 * Time since `from` (RFC 3339) at `nowMs` (milliseconds since the epoch), in its largest unit like Kubernetes' tools:
 * `0s`, `59s`, `12m`, `22h`, `26d`, `2y`; `<invalid>` for a future or invalid time.
 */
export function shortAge(from: string, nowMs: number): string {
  const seconds = Math.trunc((nowMs - Date.parse(from)) / 1000);
  if (Number.isNaN(seconds) || seconds < -1) {
    return '<invalid>';
  }
  if (seconds < MINUTE) {
    return `${Math.max(seconds, 0)}s`;
  }
  if (seconds < HOUR) {
    return `${Math.floor(seconds / MINUTE)}m`;
  }
  if (seconds < DAY) {
    return `${Math.floor(seconds / HOUR)}h`;
  }
  return seconds < YEAR ? `${Math.floor(seconds / DAY)}d` : `${Math.floor(seconds / YEAR)}y`;
}
