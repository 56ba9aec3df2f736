import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FaultPoint, FaultPoints } from './fault-points.ts';

/** Files by which a test and the server that it kills communicate, in a folder of their own. */
export const FILES = {
  /** Written by the test: a point, and at which passing of it to halt (from 1); empty: nowhere. */
  armed: 'armed',
  /** Written by the server: every point that it passed, a line each. */
  passed: 'passed',
  /** Written by the server once it has halted; its engine is frozen then. */
  halted: 'halted',
} as const;

/** The signal that lets a halted server go on; its engine must have been killed. */
export const GO_ON: NodeJS.Signals = 'SIGUSR2';

/**
 * Halts at the point that the folder names, and freezes the engine at the same moment, so that nothing continues beyond
 * the point.
 */
export function createHaltingFaultPoints(folder: string): FaultPoints {
  let goOn = Promise.withResolvers<void>();
  process.on(GO_ON, () => {
    goOn.resolve();
    goOn = Promise.withResolvers<void>();
  });
  let armed = '';
  let left = 0;

  return {
    reach(point: FaultPoint): Promise<void> {
      appendFileSync(join(folder, FILES.passed), `${point}\n`);
      const text = readFileSync(join(folder, FILES.armed), 'utf8');
      const [wanted, count] = text.split('\n');
      if (text !== armed) {
        armed = text;
        left = Number(count);
      }
      if (point !== wanted || --left !== 0) {
        return Promise.resolve();
      }
      for (const child of childrenOfThisProcess()) {
        process.kill(child, 'SIGSTOP');
      }
      writeFileSync(join(folder, FILES.halted), point);
      return goOn.promise;
    },
  };
}

function childrenOfThisProcess(): number[] {
  const text = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
