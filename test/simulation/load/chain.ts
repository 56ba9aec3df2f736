import { absent, type ExpectedRelease, type Wanted } from '../../model/expected-release.ts';
import type { SimulatedRequest } from '../simulated-api.ts';
import type { Actor } from './actor.ts';
import { type Body, change, chartValues, install, upgrade } from './requests.ts';

const MAX_PAUSE_MS = 8_000;

/**
 * A provider whose outputs change, a dependent that its owner also changes and that publishes what it receives, and a last
 * dependent that no request changes.
 */
export function createChain({ world: { random, sleep }, changes, isOver }: Actor, namespace: string) {
  const at = (name: string) => ({ namespace, name });
  const changed = async (before: ExpectedRelease, request: SimulatedRequest, wanted: Wanted) =>
    (await changes.make(before, request, wanted)).next;

  /** Repeats the install until the release certainly exists. */
  async function untilThere(name: string, value: string, body: Body): Promise<ExpectedRelease> {
    const request = install(at(name), { ...body, configValues: chartValues(at(name), { value }) });
    let expected = absent(namespace, name);
    do expected = await changed(expected, request, { exists: true, value });
    while (expected.exists.has(false));
    return expected;
  }

  async function changeProvider(before: ExpectedRelease): Promise<void> {
    let provider = before;
    for (let count = 1; !isOver(); count += 1) {
      const value = `v${count}`;
      provider = await changed(provider, upgrade(at('provider'), { configValues: { value } }), { value });
      await sleep(random.between(0, MAX_PAUSE_MS));
    }
    changes.load.expected.push(provider);
  }

  async function changeDependent(before: ExpectedRelease): Promise<void> {
    let dependent = before;
    for (let count = 1; !isOver(); count += 1) {
      const value = `own${count}`;
      const name = at('dependent');
      dependent = await random.pick([
        () => changed(dependent, upgrade(name, { configValues: { value } }), { value }),
        () => changed(dependent, change('pauseRelease', name), { paused: true }),
        () => changed(dependent, change('recoverRelease', name), { paused: false }),
      ])();
      await sleep(random.between(0, MAX_PAUSE_MS));
    }
    // A paused release receives no outputs.
    while (dependent.paused.has(true)) {
      dependent = await changed(dependent, change('recoverRelease', at('dependent')), { paused: false });
    }
    changes.load.expected.push({ ...dependent, provider: 'provider' });
  }

  return async function chain(): Promise<void> {
    const provider = await untilThere('provider', 'first', { outputs: { value: 'values:value' } });
    const handsOn = { dependencies: { db: 'provider' }, outputs: { value: 'values:db.value' } };
    const dependent = await untilThere('dependent', 'one', handsOn);
    const last = await untilThere('last', 'two', { dependencies: { db: 'dependent' } });
    changes.load.expected.push({ ...last, provider: 'provider' });
    await Promise.all([changeProvider(provider), changeDependent(dependent)]);
  };
}
