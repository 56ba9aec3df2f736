import { absent } from '../../model/expected-release.ts';
import type { Actor } from './actor.ts';
import { change, chartValues, install } from './requests.ts';

const NAMES = ['come', 'go'];
const MAX_PAUSE_MS = 600;

/**
 * Two releases of one chart that are installed and deleted all the time. They share the chart's archive, which the last of
 * them takes away while the next one may be about to use it.
 */
export function createComings({ world: { random, sleep }, changes, isOver }: Actor, namespace: string) {
  async function comeAndGo(name: string): Promise<void> {
    const at = { namespace, name };
    let expected = absent(namespace, name);
    for (let count = 1; !isOver(); count += 1) {
      const value = `v${count}`;
      const body = { configValues: chartValues(at, { value }) };
      const isThere = expected.exists.has(true);
      const made = isThere
        ? await changes.make(expected, change('deleteRelease', at), { exists: false })
        : await changes.make(expected, install(at, body), { exists: true, value });
      expected = made.next;
      await sleep(random.between(0, MAX_PAUSE_MS));
    }
    changes.load.expected.push(expected);
  }

  return async function comings(): Promise<void> {
    await Promise.all(NAMES.map(comeAndGo));
  };
}
