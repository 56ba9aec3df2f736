import { expect, test } from 'vitest';
import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import { hasStepToCome, releasesToChange } from './steps-to-come.ts';

const steps = ['db', 'web'].map((release) => ({ release, after: [], seen: 1, order: orderOf('upgrade') }));
const project = taskWith({
  id: 'p',
  release: '',
  project: 'mall',
  state: 'running',
  order: { kind: 'applyProject', steps, onFailure: 'stop', guarded: false },
});

test('a step is to come until its task has ended', () => {
  expect(hasStepToCome(project, 'web', [])).toBe(true);
  expect(hasStepToCome(project, 'web', [taskWith({ id: 'p-2', state: 'running' })])).toBe(true);
  expect(hasStepToCome(project, 'web', [taskWith({ id: 'p-2', state: 'succeeded' })])).toBe(false);
  expect(hasStepToCome(project, 'web', [taskWith({ id: 'p-1', state: 'failed' })])).toBe(true);
});

test('nothing is to come for others, or once the project is done', () => {
  expect(hasStepToCome(project, 'other', [])).toBe(false);
  expect(hasStepToCome({ ...project, state: 'failed' }, 'web', [])).toBe(false);
  expect(releasesToChange(taskWith({ order: orderOf('createProject') }))).toEqual([]);
});
