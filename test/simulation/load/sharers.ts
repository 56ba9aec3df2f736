import { absent } from '../../chaos/expected-release.ts';
import type { Actor } from './actor.ts';
import { change, chartValues, install } from './requests.ts';

/** Each takes them in an order of its own: each may get one of them. */
const SHARED = { left: 'shared-a,shared-b', right: 'shared-b,shared-a' };
type Name = keyof typeof SHARED;
/** Who takes over an install that failed knows what the record says of it, and not with which code. */
const REFUSED = ['RESOURCE_EXISTS', 'HOOK_FAILED'];
const MAX_PAUSE_MS = 3_000;

/** A time during which a release was there, or may have been, or for which it was told that the other one has its objects. */
type Span = { name: Name; from: number; to: number; isRefused: boolean };

/** Two releases that want the same objects: whoever has them keeps them until it goes, and the other one is told no. */
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
      // Told no, nothing of it is left.
      expected = isRefused ? expected : made.next;
      if (!isOver()) await sleep(random.between(0, MAX_PAUSE_MS));
      else if (isThere) break;
    }
    if (expected.exists.has(true)) spans.push({ name, from, to: time.now(), isRefused: false });
    changes.load.expected.push(expected);
  }

  /** Of two that are made at once one comes true, unless the other one was there. */
  function checkRefusals(): void {
    const overlap = (one: Span, other: Span) => one.name !== other.name && one.from < other.to && other.from < one.to;
    const refusals = spans.filter(({ isRefused }) => isRefused);
    const baseless = refusals.filter((one) => !spans.some((other) => !other.isRefused && overlap(one, other)));
    for (const one of baseless.filter(({ name }) => name === 'left')) {
      if (!baseless.some((other) => overlap(one, other))) continue;
      changes.load.troubles.push(`${namespace}: left and right were both told that the other has their objects`);
    }
  }

  return async function sharers(): Promise<void> {
    await Promise.all([sharer('left'), sharer('right')]);
    checkRefusals();
  };
}
