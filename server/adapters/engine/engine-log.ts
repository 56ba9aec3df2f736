import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { EngineLog } from './engine-settings.ts';

const levels: Record<string, keyof EngineLog> = { DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' };

const logLine = Compile(Type.Object({ level: Type.String(), msg: Type.String() }));

/** Forwards the engine's log lines; other output, such as the trace of a crash, becomes an error line. */
export function forwardEngineLog(stderr: Readable, log: EngineLog): void {
  createInterface({ input: stderr }).on('line', (line) => {
    const parsed = parseLine(line);
    if (parsed === undefined) {
      log.error({ engine: line }, 'engine output');
      return;
    }
    const { level, msg, ...facts } = parsed;
    log[levels[level] ?? 'warn']({ ...facts, part: 'engine' }, msg);
  });
}

function parseLine(line: string): { level: string; msg: string; [fact: string]: unknown } | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return logLine.Check(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
