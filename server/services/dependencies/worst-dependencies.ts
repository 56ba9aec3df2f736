import type { DependencyState } from '../../../contract/schemas/dependency.ts';
import { worstState } from '../../domain/dependencies/worst-state.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { mapBounded } from '../../ports/runtime/map-bounded.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { WorstDependencies } from '../releases/observe/complete-releases.ts';
import type { DescribeDependencies } from './describe-dependencies.ts';

export type WorstDependenciesDeps = {
  describeDependencies: DescribeDependencies;
  clock: Pick<Clock, 'after'>;
};

/** Releases whose dependencies are read at once. */
const AT_ONCE = 16;
/** A list does not wait longer for what other releases publish: the next list shows it. */
const PATIENCE_MS = 200;

/** Reads the worst state of the dependencies of releases for a list; a busy engine does not hold up the list. */
export function createWorstDependencies({ describeDependencies, clock }: WorstDependenciesDeps): WorstDependencies {
  return async function worstDependencies(records) {
    const states = new Map<ReleaseKey, DependencyState>();
    const late = Promise.withResolvers<null>();
    let isLate = false;
    const stop = clock.after(PATIENCE_MS, () => {
      isLate = true;
      late.resolve(null);
    });
    async function read(record: ReleaseRecord): Promise<void> {
      // What is not read by then is not even begun: it would only add to what keeps the engine busy.
      const reading = isLate ? null : describeDependencies(record);
      const all = reading && (await Promise.race([reading, late.promise]));
      const worst = all === null ? 'Unknown' : worstState(all.map(({ state }) => state));
      if (worst !== null) {
        states.set(record.key, worst);
      }
    }
    try {
      await mapBounded(records, AT_ONCE, read);
    } finally {
      stop();
    }
    return states;
  };
}
