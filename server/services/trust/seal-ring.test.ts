import { beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { createSealRing } from './seal-ring.ts';
import { createTaskSeal } from './task-seal.ts';

let keys: Map<string, Uint8Array>;
let reads: number;
let failing: boolean;
let problems: unknown[];
const key = (fill: number) => new Uint8Array(32).fill(fill);

function open(clock = createManualClock()) {
  const ring = createSealRing({
    keys: {
      read() {
        reads += 1;
        return failing ? Promise.reject(problem('CLUSTER_UNREACHABLE', 'away')) : Promise.resolve(new Map(keys));
      },
    },
    clock,
    onError: (error) => problems.push(error),
  });
  return { clock, ring };
}

beforeEach(() => {
  keys = new Map([['k1', key(1)]]);
  [reads, failing, problems] = [0, false, []];
});

describe('the ring of keys', () => {
  it('is read once for many, and again after a while', async () => {
    const { clock, ring } = open();
    await Promise.all([ring.record(), ring.task(), ring.sharedCache()]);
    expect(reads).toBe(1);
    await clock.advance(30_000);
    await ring.record();
    expect(reads).toBe(2);
  });

  it('signs with the newest key and notifies when it changes', async () => {
    const { clock, ring } = open();
    let changes = 0;
    ring.onChange(() => (changes += 1));
    const cache = await ring.sharedCache();
    expect((await ring.record()).kid).toBe('k1');
    keys.set('k2', key(2));
    await clock.advance(30_000);
    expect((await ring.record()).kid).toBe('k2');
    expect(changes).toBe(1);
    expect(await ring.sharedCache()).not.toEqual(cache);
  });

  it('goes on with the known keys while they cannot be read, and has none before', async () => {
    const { clock, ring } = open();
    failing = true;
    await expect(ring.record()).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
    failing = false;
    await ring.record();
    failing = true;
    await clock.advance(30_000);
    expect((await ring.record()).kid).toBe('k1');
    expect(problems).toHaveLength(1);
  });

  it('derives another key for each purpose', async () => {
    const { ring } = open();
    const [record, task] = [await ring.record(), await ring.task()];
    expect(record.sign('x')).not.toBe(task.sign('x'));
  });
});

describe('the seal of a task', () => {
  it('by a key that another replica has got already counts at once', async () => {
    const ours = open();
    await ours.ring.task();
    keys.set('k2', key(2));
    const theirs = createTaskSeal(open().ring);
    const seal = await theirs.seal('text');
    expect(seal).toMatch(/^v1\.k2\./);
    await ours.clock.advance(2_000);
    expect(await createTaskSeal(ours.ring).whyUnsealed('text', seal)).toBeNull();
  });

  it('that is wrong again and again does not make the keys be read again and again', async () => {
    const { ring } = open();
    const seal = createTaskSeal(ring);
    for (let i = 0; i < 50; i += 1) {
      expect(await seal.whyUnsealed('text', 'v1.nobody.x')).toContain('not among the seal keys');
    }
    expect(reads).toBe(1);
  });
});
