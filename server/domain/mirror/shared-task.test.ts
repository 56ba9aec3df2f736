import { expect, test } from 'vitest';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { sharedProjectTask, sharedReleaseTask } from './shared-task.ts';

test('a release without a task has no signature', () => {
  expect(sharedReleaseTask('shop/web', undefined)).toEqual({
    name: 'web',
    namespace: 'shop',
    latestReleaseTaskSignature: null,
    walm: { task: null },
  });
});

test('a task is shown in the form of the original, and as the API shows it without its progress', () => {
  const progress = { phase: 'apply', message: 'half of it' };
  const shared = sharedReleaseTask('shop/web', taskWith({ state: 'running', operationTimeoutMs: 90_500, progress }));
  expect(shared.latestReleaseTaskSignature).toEqual({
    uuid: 'a',
    name: 'Delete-Release-Task',
    arg: '{"Namespace":"shop","ReleaseName":"web","DeletePvcs":false}',
    timeout_sec: 91,
  });
  expect(shared.walm.task).toMatchObject({ id: 'a', state: 'running', operation: 'delete' });
  expect(shared.walm.task).not.toHaveProperty('progress');
});

test('a task of a project is shown under the name of the project', () => {
  const order = { kind: 'deleteProject', deletePvcs: true } as const;
  const task = taskWith({ release: '', project: 'stack', order });
  expect(sharedProjectTask('shop/stack', task)).toMatchObject({
    name: 'stack',
    namespace: 'shop',
    latestTaskSignature: { name: 'Delete-Project-Task', arg: '{"Namespace":"shop","Name":"stack"}' },
    latestTaskTimeoutSec: 600,
  });
});
