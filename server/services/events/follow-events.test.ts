import { beforeEach, describe, expect, it } from 'vitest';
import type { ReleaseStatusChange, StreamEvent } from '../../../contract/schemas/event.ts';
import { createManualClock, type ManualClock } from '../../adapters/memory/manual-clock.ts';
import type { EventFilter } from './event-filter.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import type { VisibleNamespaces } from '../access/visible-namespaces.ts';
import { createFollowEvents } from './follow-events.ts';

function status(namespace: string, name: string): ReleaseStatusChange {
  const rest = { revision: 1, phase: 'ready', ready: true, reason: '', message: '' } as const;
  return { namespace, name, ...rest, sequence: 1, time: '2026-01-01T00:00:00Z' };
}

const change = (namespace: string, name: string): StreamEvent => ({ type: 'release', data: status(namespace, name) });

let log: EventLog;
let clock: ManualClock;
let stop: AbortController;

beforeEach(() => {
  log = createEventLog('run');
  clock = createManualClock();
  stop = new AbortController();
});

function follow(filter: EventFilter = {}, lastEventId?: string, visible: VisibleNamespaces | null = null) {
  const present = () => [status('demo', 'now'), status('other', 'now')];
  return createFollowEvents({ log, present, clock })(filter, lastEventId, visible, stop.signal).getReader();
}

async function next(reader: ReadableStreamDefaultReader<string>): Promise<string> {
  return (await reader.read()).value ?? 'end';
}

describe('following events', () => {
  it('sends what happens from now on', async () => {
    log.append(change('demo', 'before'));
    const reader = follow();
    expect(await next(reader)).toBe('retry: 2000\n\n');
    log.append(change('demo', 'web'));
    expect(await next(reader)).toContain('"name":"web"');
  });

  it('sends only what the filter lets through', async () => {
    const reader = follow({ namespace: 'demo', release: 'web' });
    await next(reader);
    log.append(change('other', 'web'));
    log.append(change('demo', 'else'));
    log.append(change('demo', 'web'));
    expect(await next(reader)).toMatch(/^id: run-3\n/);
  });

  it('goes on behind the last event that was received', async () => {
    ['a', 'b', 'c'].forEach((name) => log.append(change('demo', name)));
    const text = await next(follow({}, 'run-1'));
    expect(text).not.toContain('"name":"a"');
    expect(text.indexOf('"name":"b"')).toBeLessThan(text.indexOf('"name":"c"'));
    expect(text).not.toContain('reset');
  });

  it('starts again with the present state if the last event is not known', async () => {
    const text = await next(follow({ namespace: 'demo' }, 'earlier-7'));
    expect(text).toContain('id: run-reset\nevent: reset\n');
    expect(text).toContain('"namespace":"demo"');
    expect(text).not.toContain('"namespace":"other"');
  });

  it('says where the present state ends, and goes on from there without a gap', async () => {
    log.append(change('demo', 'a'));
    const reader = follow({}, 'earlier-7');
    log.append(change('demo', 'b'));
    const text = await next(reader);
    expect(text).toMatch(/id: run-1\nevent: synced\ndata: {}\n\n$/);
    expect(await next(reader)).toContain('"name":"b"');
    const again = await next(follow({}, 'run-1'));
    expect(again).toContain('"name":"b"');
    expect(again).not.toContain('"name":"a"');
  });

  it('tells everything again to a client that got only a part of the present state', async () => {
    log.append(change('demo', 'a'));
    expect(await next(follow({}, 'run-reset'))).toContain('event: reset\n');
  });

  it('shows that it lives while nothing happens', async () => {
    const reader = follow();
    await next(reader);
    await clock.advance(15_000);
    expect(await next(reader)).toMatch(/^:/);
  });

  it('ends when the server stops', async () => {
    const reader = follow();
    await next(reader);
    stop.abort();
    expect(await next(reader)).toBe('end');
  });

  it('lets a reader go that does not read, and holds no more for them than a mebibyte', async () => {
    const reader = follow();
    await next(reader);
    await new Promise((resolve) => setImmediate(resolve));
    for (let i = 0; i < 10_000; i++) {
      log.append(change('demo', `r${i}`));
    }
    let read = 0;
    for (let text = await next(reader); text !== 'end'; text = await next(reader)) {
      read += text.length;
    }
    expect(read).toBeGreaterThan(1_000_000);
    expect(read).toBeLessThan(1_100_000);
  });

  it('holds no more of what a reader has missed than they read, and sends all of it', async () => {
    for (let i = 0; i < 20_000; i++) {
      log.append(change('demo', `r${i}`));
    }
    let held = 0;
    const since: typeof log.since = (id) =>
      log.since(id)?.map((one) => ({
        ...one,
        get text() {
          held += 1;
          return one.text;
        },
      })) ?? null;
    const reader = createFollowEvents({ log: { ...log, since }, present: () => [], clock })(
      {},
      'run-1',
      null,
      stop.signal,
    ).getReader();
    let all = await next(reader);
    await new Promise((resolve) => setImmediate(resolve));
    expect(held).toBeLessThan(19_000);
    while (!all.includes('"name":"r19999"')) all += await next(reader);
    expect(all.split('\nid: ')).toHaveLength(20_000);
  });

  it('writes down nothing of what is not seen', async () => {
    let written = 0;
    const present = () => [
      {
        ...status('other', 'now'),
        get message() {
          written += 1;
          return '';
        },
      },
      status('demo', 'now'),
    ];
    const visible = {
      isEverything: () => Promise.resolve(false),
      sees: (namespace: string) => Promise.resolve(namespace === 'demo'),
    };
    const reader = createFollowEvents({ log, present, clock })({}, 'earlier-7', visible, stop.signal).getReader();
    expect(await next(reader)).toContain('"namespace":"demo"');
    expect(written).toBe(0);
  });

  it('does not mind a reader that goes away first', async () => {
    const reader = follow();
    await reader.cancel();
    log.append(change('demo', 'web'));
    stop.abort();
    await clock.advance(60_000);
    expect(await next(reader)).toBe('end');
  });

  describe('of a reader who does not see everything', () => {
    let seen: Set<string>;
    const visible: VisibleNamespaces = {
      isEverything: () => Promise.resolve(false),
      sees: (namespace) => (seen.has('?') ? Promise.reject(new Error('away')) : Promise.resolve(seen.has(namespace))),
    };
    beforeEach(() => (seen = new Set(['demo'])));

    it('sends what is seen, in order, as it is seen then', async () => {
      const reader = follow({}, undefined, visible);
      await next(reader);
      log.append(change('other', 'hidden'));
      log.append(change('demo', 'a'));
      log.append(change('demo', 'b'));
      expect(await next(reader)).toContain('"name":"a"');
      expect(await next(reader)).toContain('"name":"b"');
      seen = new Set(['other']);
      log.append(change('demo', 'c'));
      log.append(change('other', 'd'));
      expect(await next(reader)).toContain('"name":"d"');
    });

    it('catches up with what is seen', async () => {
      log.append(change('demo', 'a'));
      log.append(change('other', 'b'));
      log.append(change('demo', 'c'));
      const text = await next(follow({}, 'run-1', visible));
      expect(text).toContain('"name":"c"');
      expect(text).not.toContain('"name":"b"');
      const state = await next(follow({}, 'earlier-7', visible));
      expect(state).toContain('"namespace":"demo"');
      expect(state).not.toContain('"namespace":"other"');
    });

    it('ends after five minutes, and when the rights of the caller cannot be checked', async () => {
      const reader = follow({}, undefined, visible);
      await next(reader);
      await clock.advance(5 * 60_000);
      let last = '';
      while (last !== 'end') last = await next(reader);
      const other = follow({}, undefined, visible);
      await next(other);
      seen = new Set(['?']);
      log.append(change('demo', 'a'));
      expect(await next(other)).toBe('end');
    });
  });
});
