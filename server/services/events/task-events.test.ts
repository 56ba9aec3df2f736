import { beforeEach, expect, it } from 'vitest';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import type { TaskInfo } from '../../../contract/schemas/task.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import type { Task } from '../../domain/tasks/task.ts';
import { createTaskEvents, type TaskEvents } from './task-events.ts';

let clock: ReturnType<typeof createManualClock>;
let told: TaskInfo[];
let take: TaskEvents;

beforeEach(() => {
  clock = createManualClock();
  told = [];
  take = createTaskEvents(clock, (info) => told.push(info));
});

const at = (message: string, more: Partial<Task> = {}): Task =>
  taskWith({ id: '1', state: 'running', progress: { phase: 'wait', message }, ...more });

const messages = () => told.map(({ state, progress }) => progress?.message ?? state);

it('tells progress at most four times a second, the latest in the end', async () => {
  for (let i = 0; i < 40; i++) {
    take(at(`step ${i}`), false);
    await clock.advance(25);
  }
  expect(told.length).toBeLessThanOrEqual(5);
  await clock.advance(250);
  expect(messages()[0]).toBe('step 0');
  expect(messages().at(-1)).toBe('step 39');
});

it('tells nothing twice', async () => {
  take(at('waits'), false);
  take(at('waits'), false);
  await clock.advance(1_000);
  take(at('waits'), false);
  await clock.advance(1_000);
  expect(messages()).toEqual(['waits']);
});

it('tells everything else at once, with the progress of that moment, and no older one after it', async () => {
  take(at('one'), false);
  take(at('two'), false);
  take(at('three', { revision: 4 }), false);
  await clock.advance(1_000);
  expect(messages()).toEqual(['one', 'three']);
});

it('tells the end at once, and nothing of the task after it', async () => {
  take(at('one'), false);
  take(at('two'), false);
  take(taskWith({ id: '1', state: 'succeeded' }), false);
  await clock.advance(1_000);
  expect(messages()).toEqual(['one', 'succeeded']);
});

it('tells nothing of a removed task', async () => {
  take(at('one'), false);
  take(at('two'), false);
  take(at('two'), true);
  await clock.advance(1_000);
  expect(messages()).toEqual(['one']);
});
