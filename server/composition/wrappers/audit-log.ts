import type { Logger } from 'pino';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';
import type { AuditLog } from '../../ports/runtime/audit-log.ts';

/**
 * Writes every change to the log, whatever its level, with the entry as `audit`; and as a JSON line to `append` if
 * given.
 */
export function createAuditLog(
  log: Logger,
  append: ((line: string) => void) | null,
  clock: Pick<Clock, 'now'>,
): AuditLog {
  const lines = log.child({}, { level: 'info' });
  return {
    write(entry) {
      lines.info({ audit: entry }, 'change');
      try {
        append?.(JSON.stringify({ time: timestamp(clock), ...entry }));
      } catch (error) {
        log.error({ err: error }, 'writing the audit file failed');
      }
    },
  };
}
