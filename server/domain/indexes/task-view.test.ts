import { expect, test } from 'vitest';

import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createTaskView } from './task-view.ts';

test('of tasks that were read at one time all are known when the first is told of', () => {
  const view = createTaskView();
  const known: string[][] = [];
  view.readers.subscribe(() => known.push(view.readers.unfinished().map(({ task }) => task.id)));
  const entryOf = (id: string) => ({ task: taskWith({ id, state: 'running' }), version: 1 });
  view.putAll([entryOf('a'), entryOf('b')]);
  expect(known).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  // Older news, and what is known already, is not told.
  view.putAll([entryOf('a')]);
  expect(known).toHaveLength(2);
});
