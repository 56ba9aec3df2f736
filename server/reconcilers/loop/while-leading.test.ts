import { expect, it } from 'vitest';

import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { type LeaderTerm, whileLeading } from './while-leading.ts';

/** A lead that can expire before its listeners are called, as a lease does. */
function createLead() {
  const listeners = new Set<(leading: boolean) => void>();
  let certain = true;
  return {
    isLeader: () => certain,
    subscribe(listener: (leading: boolean) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    expire: () => void (certain = false),
    tell(leading: boolean) {
      certain = leading;
      listeners.forEach((listener) => listener(leading));
    },
  };
}

function start() {
  const clock = createManualClock();
  const lead = createLead();
  const stop = new AbortController();
  const terms: LeaderTerm[] = [];
  const problems: unknown[] = [];
  const written: string[] = [];
  const steps: PromiseWithResolvers<string>[] = [];
  const running = whileLeading(
    {
      leadership: lead,
      clock,
      onError: (error) => problems.push(error),
      async work(term) {
        terms.push(term);
        for (;;) {
          const step = Promise.withResolvers<string>();
          steps.push(step);
          const text = await step.promise;
          await term.send(() => Promise.resolve(written.push(text)));
        }
      },
    },
    stop.signal,
  );
  const write = async (text: string) => {
    steps.at(-1)?.resolve(text);
    await clock.advance(0);
  };
  return { clock, lead, stop, terms, problems, written, running, write };
}

it('writes while it leads', async () => {
  const { write, written, terms } = start();
  await write('a');
  await write('b');
  expect(written).toEqual(['a', 'b']);
  expect(terms).toHaveLength(1);
});

it('writes nothing once the lead has expired, even before anybody says so, and reports no failure', async () => {
  const { lead, write, written, terms, problems, clock } = start();
  await write('a');
  lead.expire();
  expect(terms[0]?.signal.aborted).toBe(false);
  await write('stale');
  expect(written).toEqual(['a']);
  lead.tell(false);
  lead.tell(true);
  await clock.advance(1_000);
  await write('b');
  expect(written).toEqual(['a', 'b']);
  expect(terms).toHaveLength(2);
  expect(problems).toEqual([]);
});

it('writes nothing in a later term for what an earlier one had begun', async () => {
  const { lead, write, written, terms } = start();
  await write('a');
  lead.tell(false);
  lead.tell(true);
  await write('stale');
  expect(written).toEqual(['a']);
  expect(terms).toHaveLength(2);
});
