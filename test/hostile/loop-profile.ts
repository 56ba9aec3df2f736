import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

/** A profile of what the calling thread computes, from one question to the next. */
export interface LoopProfile {
  /** Ends a profile, writes it if `keep` is true, and starts the next one. */
  next(name: string, keep: boolean): void;
}

const SAMPLE_EVERY_US = 1_000;

/** Writes `NAME.cpuprofile` files, which the developer tools of browsers and editors show, into `folder`. */
export function createLoopProfile(folder: string): LoopProfile {
  mkdirSync(folder, { recursive: true });
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
  session.post('Profiler.start');
  return {
    next(name, keep) {
      session.post('Profiler.stop', (failure, result) => {
        if (failure === null && keep) {
          writeFileSync(join(folder, `${name}.cpuprofile`), JSON.stringify(result.profile));
        }
      });
      session.post('Profiler.start');
    },
  };
}
