import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
import { absent } from '../../model/expected-release.ts';
import type { Actor } from './actor.ts';
import { change, chartValues, install, upgrade } from './requests.ts';

export const COUNTER = 'counter';
const MAX_PAUSE_MS = 3_000;

/**
 * Several owners increment a counter in one release: each reads it from some replica, and writes with the revision that it
 * read as `expectedRevision`. A lost update shows as a counter that does not increase by one.
 */
export function createCounter(
  { world: { random, sleep }, servers, client, changes, isOver }: Actor,
  namespace: string,
) {
  const at = { namespace, name: COUNTER };
  const before = absent(namespace, COUNTER);

  async function read(): Promise<{ version: number; value: number } | null> {
    const answer = await client.ask(random.pick(servers), change('getRelease', at));
    if (answer?.status !== 200) return null;
    const { version, computedValues } = answer.body as ReleaseInfo;
    // A failed install is shown as a release without values.
    return computedValues === null ? null : { version, value: Number(computedValues['value']) };
  }

  async function owner(): Promise<void> {
    while (!isOver()) {
      await sleep(random.between(0, MAX_PAUSE_MS));
      const seen = await read();
      if (seen === null) continue;
      const value = String(seen.value + 1);
      const expectedRevision = String(seen.version);
      const cancelAfterMs = random.between(0, 2_000);
      const how = random.next() < 0.15 ? { cancelAfterMs } : {};
      await changes.make(before, upgrade(at, { configValues: { value } }, { expectedRevision }), {}, how);
    }
  }

  return async function counter(): Promise<void> {
    const body = { configValues: chartValues(at, { value: '0' }) };
    let isThere = false;
    while (!isThere) isThere = (await changes.make(before, install(at, body), {})).isDone;
    await Promise.all([owner(), owner(), owner()]);
  };
}
