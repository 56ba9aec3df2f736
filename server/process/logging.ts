import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config/config-options.ts';

/** Fields that never reach the log, on the first levels of a line. */
const secretFields = ['password', 'token', 'bearerToken', 'authorization', 'cookie', 'configValues', 'values'];

/**
 * The server's log: one JSON object per line, or one readable line of text. Secret fields are removed.
 * @param terminal whether the log is read on a terminal, which decides format `auto`
 */
export function createLog(
  config: Config['log'],
  instanceId: string,
  destination: DestinationStream,
  terminal: boolean,
): Logger {
  const text = config.format === 'text' || (config.format === 'auto' && terminal);
  return pino(
    {
      level: config.level,
      base: { instance: instanceId },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretFields.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), remove: true },
    },
    text ? { write: (line) => destination.write(textLine(line)) } : destination,
  );
}

/** The fields that pino writes, and any others. */
interface LogLine extends Record<string, unknown> {
  readonly level: string;
  readonly time: string;
  readonly msg?: string;
}

/** A line `18:04:05 INFO  message key=value …` from a JSON line. */
function textLine(line: string): string {
  const { level, time, msg, instance: _, err, ...rest } = JSON.parse(line) as LogLine;
  const facts = Object.entries(rest).map(([key, value]) => {
    const shown = typeof value === 'string' && !/[\s"=]/.test(value) ? value : JSON.stringify(value);
    return ` ${key}=${shown}`;
  });
  const stack = typeof err === 'object' && err !== null && 'stack' in err ? `\n${String(err.stack)}` : '';
  return `${time.slice(11, 19)} ${level.toUpperCase().padEnd(5)} ${msg ?? ''}${facts.join('')}${stack}\n`;
}
