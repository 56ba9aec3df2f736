import { beforeEach, describe, expect, it } from 'vitest';
import type { TaskProgress } from '../../../contract/schemas/task.ts';
import { orderOf } from '../../../test/harness/fakes/tasks.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import type { TaskOrder } from '../../domain/tasks/task.ts';
import { createProgressNotes, nothingNoted } from './progress-notes.ts';

let clock: ReturnType<typeof createManualClock>;
let written: TaskProgress[];
let shown: TaskProgress[];

beforeEach(() => {
  clock = createManualClock();
  written = [];
  shown = [];
});

const waitsFor = (name: string, done = 0): TaskProgress => ({
  phase: 'wait',
  message: `waits for ${name}`,
  object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name },
  done,
});

const begin = (
  write = (progress: TaskProgress): Promise<unknown> => Promise.resolve(written.push(progress)),
  order: TaskOrder = orderOf('upgrade'),
) => {
  const noted = nothingNoted({ order }, clock);
  const show = (progress: TaskProgress) => void shown.push(progress);
  return { noted, show, notes: createProgressNotes(clock, noted, { show, write }) };
};

describe('the stored progress of a task', () => {
  it('is not written for a task that ends within two seconds', async () => {
    const { notes } = begin();
    notes.note(waitsFor('web'));
    await clock.advance(1_999);
    await notes.end();
    await clock.advance(10_000);
    expect(written).toEqual([]);
    expect(shown).toEqual([waitsFor('web')]);
  });

  it('is the latest one, after two seconds, and again only when the step has changed', async () => {
    const { notes } = begin();
    notes.note({ phase: 'render', message: 'renders' });
    notes.note(waitsFor('web'));
    await clock.advance(2_000);
    expect(written).toEqual([waitsFor('web')]);
    notes.note(waitsFor('web', 3));
    await clock.advance(10_000);
    expect(written).toHaveLength(1);
    notes.note(waitsFor('api'));
    await clock.advance(0);
    expect(written).toEqual([waitsFor('web'), waitsFor('api')]);
  });

  it('is written at most every two seconds, however often it changes', async () => {
    const { notes } = begin();
    for (let i = 0; i < 100; i++) {
      notes.note(waitsFor(`pod-${i}`));
      await clock.advance(100);
    }
    expect(written.length).toBeGreaterThan(2);
    expect(written.length).toBeLessThanOrEqual(5);
  });

  it('is written less often for a task that is large', async () => {
    const configValues = { text: 'x'.repeat(100_000) };
    const order: TaskOrder = { ...orderOf('upgrade'), request: { name: 'web', configValues } };
    const { notes } = begin((progress) => Promise.resolve(written.push(progress)), order);
    for (let i = 0; i < 400; i++) {
      notes.note(waitsFor(`pod-${i}`));
      await clock.advance(100);
    }
    expect(written).toHaveLength(2);
  });

  it('is not written when it went back to what is stored', async () => {
    const { notes } = begin();
    notes.note(waitsFor('web'));
    await clock.advance(2_000);
    notes.note(waitsFor('api'));
    notes.note(waitsFor('web'));
    await clock.advance(10_000);
    expect(written).toEqual([waitsFor('web')]);
    notes.note(waitsFor('db'));
    await clock.advance(2_000);
    expect(written).toEqual([waitsFor('web'), waitsFor('db')]);
  });

  it('is written by runs that only look, and end before any timer', async () => {
    const { noted, show } = begin();
    const write = (progress: TaskProgress) => Promise.resolve(written.push(progress));
    for (const message of ['waits for a, b', 'waits for b']) {
      for (let run = 0; run < 30; run++) {
        const notes = createProgressNotes(clock, noted, { show, write });
        notes.note({ phase: 'apply', message, done: run });
        await notes.end();
        await clock.advance(100);
      }
    }
    expect(written.map(({ message }) => message)).toEqual(['waits for a, b', 'waits for b']);
  });

  it('goes on from one run of a task to the next', async () => {
    const { noted, show, notes } = begin();
    notes.note(waitsFor('web'));
    await clock.advance(1_000);
    await notes.end();
    const next = createProgressNotes(clock, noted, {
      show,
      write: (progress) => Promise.resolve(written.push(progress)),
    });
    next.note(waitsFor('api'));
    await clock.advance(1_000);
    expect(written).toEqual([waitsFor('api')]);
  });

  it('does no harm when it cannot be written, and is tried again with the next change', async () => {
    let fails = true;
    const { notes } = begin((progress) =>
      fails ? Promise.reject(new Error('unreachable')) : Promise.resolve(written.push(progress)),
    );
    notes.note(waitsFor('web'));
    await clock.advance(2_000);
    fails = false;
    notes.note(waitsFor('api'));
    await clock.advance(2_000);
    expect(written).toEqual([waitsFor('api')]);
  });

  it('ends when its last write has ended, and shows what happened meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { notes } = begin(() => promise);
    notes.note(waitsFor('web'));
    await clock.advance(2_000);
    notes.note(waitsFor('web', 2));
    let ended = false;
    const ending = notes.end().then(() => (ended = true));
    await clock.advance(0);
    expect(ended).toBe(false);
    resolve();
    await ending;
    expect(shown.at(-1)).toEqual(waitsFor('web', 2));
  });
});
