import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { eventually } from '../harness/eventually.ts';
import type { LoopDelays } from './loop-delay.ts';

/** The signal that makes an observed server report its measurements. */
export const OBSERVE: NodeJS.Signals = 'SIGUSR2';

/** Files by which observer and observed server communicate, in a folder of their own. */
export const OBSERVED_FILES = {
  /** A number of the question and, on a second line, the path for a heap snapshot. */
  question: 'question',
  answer: 'answer.json',
} as const;

/** What a server reports about itself. */
export interface Observed {
  /** The number of the question that this answers. */
  id: string;
  /** Since the previous question. */
  loop: LoopDelays;
  /** JavaScript memory after garbage collection, including buffers outside the heap. */
  heapMi: number;
}

/** Sends questions to a server that runs observed-server.ts. A server that does not answer within 60 s is an error. */
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
