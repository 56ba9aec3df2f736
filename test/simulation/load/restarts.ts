import { absent } from '../../model/expected-release.ts';
import type { Actor } from './actor.ts';
import { change, chartValues, install } from './requests.ts';

const MAX_PAUSE_MS = 200;

/** A release that is restarted all the time: whenever a leader stops, it was about to change workloads without the engine. */
export function createRestarts({ world: { random, sleep }, changes, isOver }: Actor, namespace: string) {
  const at = { namespace, name: 'restarted' };
  let expected = absent(namespace, at.name);

  return async function restarts(): Promise<void> {
    const body = { configValues: chartValues(at, { value: 'v' }) };
    while (!isOver()) {
      const isThere = expected.exists.has(true) && expected.exists.size === 1;
      const made = isThere
        ? await changes.make(expected, change('restartRelease', at, { mode: 'rolling' }), {})
        : await changes.make(expected, install(at, body), { exists: true, value: 'v' });
      expected = made.next;
      await sleep(random.between(0, MAX_PAUSE_MS));
    }
    changes.load.expected.push(expected);
  };
}
