import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { eventually } from '../harness/eventually.ts';
import type { LoopDelays } from './loop-delay.ts';

/** The signal that asks an observed server how it feels. */
export const OBSERVE: NodeJS.Signals = 'SIGUSR2';

/** Files by which observer and observed speak, in a folder of their own. */
export const OBSERVED_FILES = {
  /** A number of the question and, on a second line, where a heap snapshot is to go. */
  question: 'question',
  answer: 'answer.json',
} as const;

/** What a server says of itself. */
export interface Observed {
  /** The question that this answers. */
  id: string;
  /** Since the question before. */
  loop: LoopDelays;
  /** What JavaScript holds after garbage is collected, buffers outside the heap included. */
  heapMi: number;
}

/** Asks a server that runs observed-server.ts. A server that does not answer within 60 s is an error. */
export function createObserver(folder: string, pid: () => number): (snapshot?: string) => Promise<Observed> {
  let asked = 0;
  writeFileSync(join(folder, OBSERVED_FILES.question), '');
  return async (snapshot = '') => {
    asked += 1;
    const id = `${asked}`;
    writeFileSync(join(folder, OBSERVED_FILES.question), `${id}\n${snapshot}`);
    process.kill(pid(), OBSERVE);
    return eventually(
      () => {
        const answer = JSON.parse(readFileSync(join(folder, OBSERVED_FILES.answer), 'utf8')) as Observed;
        if (answer.id !== id) throw new Error('the server has not answered how it feels');
        return answer;
      },
      { everyMs: 20 },
    );
  };
}
