import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

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

/** Process ids of the children of a process, and of theirs. */
function descendants(pid: number): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendants)];
}

/** Children of all threads: a Go program starts its workers from any of them. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
      const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
      return text === '' ? [] : text.split(' ').map(Number);
    });
  } catch {
    return [];
  }
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
