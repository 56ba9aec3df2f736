import type { Logger } from 'pino';
import type { Clock } from '../ports/runtime/clock.ts';
import { createRecordSeals } from '../services/trust/record-seals.ts';
import { createSealRing } from '../services/trust/seal-ring.ts';
import { createTaskSeal } from '../services/trust/task-seal.ts';
import type { SealSources } from './adapters/adapters.ts';

/** What seals need from the rest of the server. */
export interface TrustDeps {
  readonly sources: SealSources;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Everything that uses the seal keys. Nothing is read before it is needed. */
export function createTrust({ sources, clock, log }: TrustDeps) {
  const ring = createSealRing({
    keys: sources.keys,
    clock,
    onError: (error) =>
      log.warn({ part: 'seals', err: error }, 'reloading the seal keys failed, keeping the known keys'),
  });
  return {
    ring,
    records: createRecordSeals({ ring, namespaces: sources.namespaces, clock }),
    tasks: createTaskSeal(ring),
  };
}
