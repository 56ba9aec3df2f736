import { expect, test } from 'vitest';
import { Refusal } from '../errors/failures.ts';
import type { Transport } from './transport.ts';
import { createWalm } from './walm.ts';

const busy = { status: 503, headers: {}, bytes: Buffer.alloc(0), text: '' };

/** A client whose server is always busy; what it waited for, and how often it sent. */
function toBusyServer(random: () => number) {
  const waits: number[] = [];
  let sent = 0;
  const transport: Pick<Transport, 'send' | 'open' | 'wasReached'> = {
    send: async () => {
      sent += 1;
      return busy;
    },
    open: () => Promise.reject(new Error('not used')),
    wasReached: () => true,
  };
  const walm = createWalm({
    transport,
    authorization: { header: async () => undefined, renew: () => false },
    pause: async (ms) => void waits.push(ms),
    random,
  });
  return { walm, waits, sent: () => sent };
}

test('a change is sent again with growing pauses, half of each at random, and at most five times', async () => {
  const all = [400, 800, 1600, 3200, 6400];
  for (const [number, wanted] of [
    [0, all.map((ms) => ms / 2)],
    [0.5, all.map((ms) => ms * 0.75)],
  ] as const) {
    const { walm, waits, sent } = toBusyServer(() => number);
    const call = { path: { namespace: 'demo', release: 'web' } };
    await expect(walm.change('pauseRelease', call, 'key-1')).rejects.toThrow(Refusal);
    expect(waits).toEqual(wanted);
    expect(sent()).toBe(6);
  }
});
