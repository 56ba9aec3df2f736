import { createHash } from 'node:crypto';

import type { VirtualTime } from './virtual-time.ts';

/** What happened in a simulated world, step by step: two runs of one seed are equal. */
export interface Trace {
  note(text: string): void;
  /** The last `count` lines, or all if it is absent. */
  lines(count?: number): string[];
  /** Digest of all lines so far. */
  digest(): string;
}

/** Lines begin with the milliseconds since the beginning. */
export function createTrace(time: Pick<VirtualTime, 'now'>): Trace {
  const startedAt = time.now();
  const lines: string[] = [];
  return {
    note: (text) => void lines.push(`${String(time.now() - startedAt).padStart(7)} ${text}`),
    lines: (count = lines.length) => lines.slice(-count),
    digest: () => createHash('sha256').update(lines.join('\n')).digest('hex'),
  };
}
