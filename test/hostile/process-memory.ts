import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { descendants } from '../harness/process-tree.ts';

/** Peak of resident memory, in Mi. */
export interface PeakMemory {
  serverMi: number;
  /** Engine and its workers together. */
  engineMi: number;
}

const EVERY_MS = 100;

/** Samples ten times a second, until `stop` returns the highest values. Short peaks of the server are included. */
export function watchMemory(serverPid: number): { stop(): Promise<PeakMemory> } {
  const over = new AbortController();
  resetPeak(serverPid);
  let engineMi = 0;
  const looking = (async () => {
    while (!over.signal.aborted) {
      const all = descendants(serverPid).map((pid) => fieldMi(pid, 'VmRSS'));
      engineMi = Math.max(
        engineMi,
        all.reduce((sum, mi) => sum + mi, 0),
      );
      await pause(EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      over.abort();
      await looking;
      return { serverMi: fieldMi(serverPid, 'VmHWM'), engineMi };
    },
  };
}

/** A size of a process in Mi, 0 if it has ended. */
function fieldMi(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Resets the kernel's own record of the peak. */
function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
