import { absent, type ExpectedRelease } from '../../model/expected-release.ts';
import { BROKEN_VALUE } from '../simulated-charts.ts';
import type { Actor } from './actor.ts';
import type { Made } from './changes.ts';
import { chartValues, install, upgrade } from './requests.ts';

const MAX_PAUSE_MS = 12_000;
/** A failed rollout gets its reaction within this time, whatever happens to the servers meanwhile. */
const ANSWERED_WITHIN_MS = 90_000;
const LOOK_MS = 500;

/** A release that is rolled back automatically when its rollout fails. */
export function createRollouts({ world, changes, isOver }: Actor, namespace: string) {
  const { random, sleep, time } = world;
  const at = { namespace, name: 'watched' };

  const bodyOf = (value: string) => ({ onFailure: 'rollback', configValues: chartValues(at, { value }) });

  /** Repeats the change until it certainly succeeded. */
  async function until(expected: ExpectedRelease, value: string): Promise<ExpectedRelease> {
    let made: Made = await changes.make(expected, install(at, bodyOf(value)), { exists: true, value });
    while (!made.isDone) made = await changes.make(made.next, install(at, bodyOf(value)), { exists: true, value });
    return made.next;
  }

  async function isBack(good: string): Promise<boolean> {
    const deadline = time.now() + ANSWERED_WITHIN_MS;
    while (time.now() < deadline) {
      const { items } = world.api.list(`/api/v1/namespaces/${namespace}/configmaps`);
      const live = items.find(({ metadata }) => metadata.name === at.name);
      if ((live?.['data'] as { value?: string } | undefined)?.value === good) return true;
      await sleep(LOOK_MS);
    }
    return false;
  }

  return async function rollouts(): Promise<void> {
    let expected = absent(namespace, at.name);
    for (let count = 1; !isOver(); count += 1) {
      const good = `v${count}`;
      expected = await until(expected, good);
      await sleep(random.between(0, MAX_PAUSE_MS));
      const broken = await changes.make(expected, upgrade(at, bodyOf(BROKEN_VALUE)), {});
      if (!broken.isDone) {
        // A revision of unknown result may be the one that the next failure rolls back to; without a next change it would stay
        // broken.
        if (isOver()) expected = await until(expected, good);
        continue;
      }
      if (!(await isBack(good))) {
        changes.load.problems.push(`${namespace}/${at.name} did not go back to ${good} after its rollout failed`);
        return;
      }
    }
    changes.load.expected.push(expected);
  };
}
