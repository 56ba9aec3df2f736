import { afterEach, describe, expect, test } from 'vitest';
import type { Leadership } from './leadership.ts';

/** Opens candidates for the same lead; `passLease` moves the clock that they use. */
export type ExaminedLeadership = {
  contender: (identity: string) => Leadership;
  /** Lets more time pass than a lease lasts. */
  passLease: () => Promise<void>;
};

/** The contract of every leadership. */
export function describeLeadership(name: string, open: () => Promise<ExaminedLeadership>): void {
  describe(`leadership: ${name}`, () => {
    const started: { stop: () => Promise<void> }[] = [];

    function start(leadership: Leadership) {
      const stopping = new AbortController();
      const ended = leadership.run(stopping.signal);
      const running = {
        leadership,
        stop: async () => {
          stopping.abort();
          await ended;
        },
      };
      started.push(running);
      return running;
    }

    function becomes(leadership: Leadership, leading: boolean): Promise<void> {
      return new Promise((resolve) => {
        const settle = () => {
          if (leadership.isLeader() === leading) {
            stop();
            resolve();
          }
        };
        const stop = leadership.subscribe(settle);
        settle();
      });
    }

    afterEach(async () => {
      for (const { stop } of started.splice(0)) {
        await stop();
      }
    });

    test('no replica leads before it runs', async () => {
      const { contender } = await open();
      expect(contender('a').isLeader()).toBe(false);
      expect(contender('a').isLed()).toBe(false);
    });

    test('the only contender leads at once', async () => {
      const { contender } = await open();
      const alone = start(contender('a'));
      await becomes(alone.leadership, true);
      expect(alone.leadership.isLed()).toBe(true);
    });

    test('a second contender does not lead while the first does', async () => {
      const { contender, passLease } = await open();
      const first = start(contender('a'));
      await becomes(first.leadership, true);
      const second = start(contender('b'));
      await passLease();
      expect([first.leadership.isLeader(), second.leadership.isLeader()]).toEqual([true, false]);
      expect(first.leadership.isLed()).toBe(true);
    });

    test('who stops gives the lead back to the one that waits', async () => {
      const { contender, passLease } = await open();
      const first = start(contender('a'));
      await becomes(first.leadership, true);
      const second = start(contender('b'));
      await first.stop();
      expect(first.leadership.isLeader()).toBe(false);
      await passLease();
      await becomes(second.leadership, true);
    });

    test('a term is announced when it begins, and the next one has a higher number', async () => {
      const { contender, passLease } = await open();
      const first = contender('a');
      const notified: number[] = [];
      first.onRenewed(({ number }) => notified.push(number));
      expect(first.term()).toBeNull();
      const term = start(first);
      await becomes(first, true);
      expect(notified).toEqual([first.term()?.number]);
      await term.stop();
      expect(first.term()).toBeNull();
      start(first);
      await passLease();
      await becomes(first, true);
      expect(first.term()?.number).toBeGreaterThan(notified[0] ?? Infinity);
    });

    test('listeners hear of winning and of giving back', async () => {
      const { contender } = await open();
      const leadership = contender('a');
      const notified: boolean[] = [];
      leadership.subscribe((leading) => notified.push(leading));
      const running = start(leadership);
      await becomes(leadership, true);
      await running.stop();
      expect(notified).toEqual([true, false]);
    });
  });
}
