import { absent } from '../../model/expected-release.ts';
import type { Actor } from './actor.ts';
import { change, chartValues, install } from './requests.ts';

/** Each applies them in a different order, so each may get one of them. */
const SHARED = { left: 'shared-a,shared-b', right: 'shared-b,shared-a' };
type Name = keyof typeof SHARED;
/** A leader that takes over a failed install knows the code, too: it is noted beside the record. */
const REFUSED = ['RESOURCE_EXISTS'];
const MAX_PAUSE_MS = 3_000;

/** A time in which a release existed, or may have existed, or was refused because the other one owns its objects. */
type Span = { name: Name; from: number; to: number; isRefused: boolean };

/** Two releases that need the same objects: the owner keeps them until it is deleted, and the other one is refused. */
export function createSharers({ world: { random, sleep, time }, changes, isOver }: Actor, namespace: string) {
  const spans: Span[] = [];

  async function sharer(name: Name): Promise<void> {
    const at = { namespace, name };
    let expected = absent(namespace, name);
    const body = { configValues: chartValues(at, { value: name, shared: SHARED[name] }) };
    let from = time.now();
    for (;;) {
      const isThere = expected.exists.has(true);
      if (isOver() && !isThere) break;
      if (!isThere) from = time.now();
      const wanted = isThere ? { exists: false } : { exists: true, value: name };
      const request = isThere ? change('deleteRelease', at) : install(at, body);
      const made = await changes.make(expected, request, wanted, { pardoned: REFUSED });
      const isRefused = REFUSED.includes(made.code);
      spans.push({ name, from, to: time.now(), isRefused: made.code === 'RESOURCE_EXISTS' });
      // After a refusal nothing of the release is left.
      expected = isRefused ? expected : made.next;
      if (!isOver()) await sleep(random.between(0, MAX_PAUSE_MS));
      else if (isThere) break;
    }
    if (expected.exists.has(true)) spans.push({ name, from, to: time.now(), isRefused: false });
    changes.load.expected.push(expected);
  }

  /** Of two concurrent installs one succeeds, unless the other release existed. */
  function checkRefusals(): void {
    const overlap = (one: Span, other: Span) => one.name !== other.name && one.from < other.to && other.from < one.to;
    const refusals = spans.filter(({ isRefused }) => isRefused);
    const baseless = refusals.filter((one) => !spans.some((other) => !other.isRefused && overlap(one, other)));
    for (const one of baseless.filter(({ name }) => name === 'left')) {
      if (!baseless.some((other) => overlap(one, other))) continue;
      changes.load.problems.push(`${namespace}: left and right were both refused because of the other`);
    }
  }

  return async function sharers(): Promise<void> {
    await Promise.all([sharer('left'), sharer('right')]);
    checkRefusals();
  };
}
