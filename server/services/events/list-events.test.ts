import { expect, test } from 'vitest';
import type { StreamEvent } from '../../../contract/schemas/event.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createEventLog } from './event-log.ts';
import { createListEvents } from './list-events.ts';

const change = (namespace: string, name: string): StreamEvent => ({
  type: 'release',
  data: { namespace, name, revision: 1, phase: 'ready', ready: true, reason: '', message: '', sequence: 1, time: '' },
});

function stage(count: number, limits = { events: 100, characters: 1_000_000 }) {
  const log = createEventLog('run', limits);
  for (let at = 1; at <= count; at += 1) {
    log.append(change(at % 2 === 0 ? 'even' : 'odd', `r${at}`));
  }
  return createListEvents({ log, clock: createManualClock() });
}
const names = (items: readonly { data: object }[]) => items.map(({ data }) => (data as { name: string }).name);
const all = { before: undefined, limit: 100 };

test('past events are listed, the newest first, page by page', async () => {
  const listEvents = stage(5);
  const first = await listEvents({}, { ...all, limit: 2 }, null);
  expect([first.num, names(first.items), first.items[0]?.id, first.continue]).toEqual([
    2,
    ['r5', 'r4'],
    'run-5',
    'run-4',
  ]);
  const rest = await listEvents({}, { before: first.continue, limit: 100 }, null);
  expect([names(rest.items), rest.continue]).toEqual([['r3', 'r2', 'r1'], undefined]);
});

test('they can be filtered, and are shown only to who may list their namespace', async () => {
  const listEvents = stage(5);
  expect(names((await listEvents({ namespace: 'odd' }, all, null)).items)).toEqual(['r5', 'r3', 'r1']);
  expect(names((await listEvents({ types: new Set(['task']) }, all, null)).items)).toEqual([]);
  const visible = { isEverything: async () => false, sees: async (namespace: string) => namespace === 'even' };
  const page = await listEvents({}, { ...all, limit: 1 }, visible);
  expect([names(page.items), page.continue]).toEqual([['r4'], 'run-4']);
});

test('an id that is not of this log is refused; before the oldest one there is nothing', async () => {
  const listEvents = stage(20, { events: 10, characters: 1_000_000 });
  for (const before of ['other-5', 'run-1', 'run-21', 'run-x', 'run-reset', '']) {
    await expect(listEvents({}, { ...all, before }, null)).rejects.toMatchObject({ code: 'QUERY_INVALID' });
  }
  const kept = await listEvents({}, all, null);
  const oldest = kept.items.at(-1)?.id;
  expect((await listEvents({}, { ...all, before: oldest }, null)).items).toEqual([]);
});
