import type { Logger } from 'pino';
import { createAuditFile } from './adapters/files/audit-file.ts';
import { ConfigError } from './config.ts';
import { type Clock, timestamp } from './ports/clock.ts';
import type { AuditLog } from './ports/audit-log.ts';

/**
 * Every change as a line of the log, whatever its level, with the entry as `audit`; and as a line of JSON of `file`
 * where one is given. @throws ConfigError when the file cannot be written
 */
export function createAuditLog(file: string, log: Logger, clock: Pick<Clock, 'now'>): AuditLog {
  const lines = log.child({}, { level: 'info' });
  const append = file === '' ? null : openFile(file);
  return {
    write(entry) {
      lines.info({ audit: entry }, 'change');
      try {
        append?.(JSON.stringify({ time: timestamp(clock), ...entry }));
      } catch (error) {
        log.error({ err: error }, 'the audit file cannot be written');
      }
    },
  };
}

function openFile(file: string): (line: string) => void {
  try {
    return createAuditFile(file);
  } catch (error) {
    throw new ConfigError([`audit.file cannot be written: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
