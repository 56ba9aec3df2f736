import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createHealthRegistry } from './health-registry.ts';

describe('the health board', () => {
  it('shows since when a part is healthy or not', async () => {
    const clock = createManualClock(Date.parse('2026-01-01T00:00:00Z'));
    let problem: string | null = 'it starts';
    const board = createHealthRegistry(() => [{ name: 'engine', check: () => problem }], clock);
    const stop = new AbortController();
    const ended = board.run(stop.signal);
    await clock.advance(2_000);
    problem = null;
    await clock.advance(5_000);
    expect(board.list()).toEqual([{ name: 'engine', healthy: true, since: '2026-01-01T00:00:03.000Z' }]);
    problem = 'gone';
    await clock.advance(1_000);
    problem = 'still gone';
    expect(board.list()).toEqual([
      { name: 'engine', healthy: false, since: '2026-01-01T00:00:08.000Z', message: 'still gone' },
    ]);
    stop.abort();
    await ended;
  });

  it('forgets a part that is not there any more', () => {
    const clock = createManualClock(0);
    let names = ['watch of Widget'];
    const board = createHealthRegistry(() => names.map((name) => ({ name, check: () => null })), clock);
    expect(board.list()).toHaveLength(1);
    names = [];
    expect(board.list()).toEqual([]);
  });
});
