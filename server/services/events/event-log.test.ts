import { describe, expect, it } from 'vitest';
import type { ReleaseStatusChange } from '../../../contract/schemas/event.ts';
import { createEventLog } from './event-log.ts';

function change(name: string): { type: 'release'; data: ReleaseStatusChange } {
  const status = { revision: 1, phase: 'ready', ready: true, reason: '', message: '' } as const;
  return { type: 'release', data: { namespace: 'demo', name, ...status, sequence: 1, time: '2026-01-01T00:00:00Z' } };
}

describe('the event log', () => {
  it('gives what came after an id', () => {
    const log = createEventLog('run');
    ['a', 'b', 'c'].forEach((name) => log.append(change(name)));
    expect(log.since('run-1')?.map(({ event }) => event.data)).toMatchObject([{ name: 'b' }, { name: 'c' }]);
    expect(log.since('run-3')).toEqual([]);
  });

  it('says where it stands', () => {
    const log = createEventLog('run');
    expect(log.latest()).toBe('run-0');
    log.append(change('a'));
    expect(log.latest()).toBe('run-1');
    expect(log.since(log.latest())).toEqual([]);
    expect(log.since(log.nowhere())).toBeNull();
  });

  it.each(['other-1', 'run-99', 'run-x', 'run', ''])('does not know the id %j', (id) => {
    const log = createEventLog('run');
    log.append(change('a'));
    expect(log.since(id)).toBeNull();
  });

  it('says so when an id has fallen out, and keeps the latest', () => {
    const log = createEventLog('run');
    for (let i = 0; i < 26_000; i++) {
      log.append(change(`r${i}`));
    }
    expect(log.since('run-1')).toBeNull();
    expect(log.since('run-25990')).toHaveLength(10);
  });

  it('holds no more characters than it may, however long what the events tell is', () => {
    const log = createEventLog('run', { events: 1_000, characters: 10_000 });
    for (let i = 0; i < 100; i++) {
      log.append(change('x'.repeat(1_000)));
    }
    const oldest = Array.from({ length: 100 }, (_, i) => i).find((id) => log.since(`run-${id}`) !== null) ?? 100;
    const kept = log.since(`run-${oldest}`) ?? [];
    const characters = kept.reduce((sum, { text }) => sum + text.length, 0);
    expect(characters).toBeGreaterThan(6_000);
    expect(characters).toBeLessThan(12_501);
    expect(log.since(`run-${oldest - 1}`)).toBeNull();
  });

  it('writes events as a stream carries them', () => {
    const log = createEventLog('run');
    const texts: string[] = [];
    const stop = log.subscribe(({ text }) => texts.push(text));
    log.append(change('two\nlines'));
    stop();
    log.append(change('unheard'));
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(/^id: run-1\nevent: release\ndata: \{.*two\\nlines.*\}\n\n$/);
  });
});
