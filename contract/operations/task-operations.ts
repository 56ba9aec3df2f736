import { mayForTask, whatIsVisible } from '../schemas/access.ts';
import { eventIdHeader } from './parts/list-headers.ts';
import { operation } from './parts/operation.ts';
import { taskListQuery } from './parts/task-list-query.ts';
import { TaskInfo, TaskList } from '../schemas/task.ts';

/** The operations on tasks. */
export const taskOperations = {
  listTasks: operation({
    method: 'GET',
    path: '/api/v1/task',
    tag: 'task',
    access: whatIsVisible,
    summary: 'List tasks',
    query: taskListQuery,
    responses: {
      200: {
        description: 'The tasks; finished ones for `tasks.retentionSec`.',
        schema: TaskList,
        headers: eventIdHeader,
      },
    },
    errors: ['QUERY_INVALID'],
    errorPrefix: 'failed to list tasks: ',
  }),
  getTask: operation({
    method: 'GET',
    path: '/api/v1/task/{task}',
    tag: 'task',
    access: mayForTask('get'),
    summary: 'Get a task',
    responses: { 200: { description: 'The task.', schema: TaskInfo } },
    errors: ['TASK_NOT_FOUND'],
    errorPrefix: 'failed to get task {task}: ',
    unprefixed: ['TASK_NOT_FOUND'],
  }),
  cancelTask: operation({
    method: 'POST',
    path: '/api/v1/task/{task}/cancel',
    tag: 'task',
    access: mayForTask('update'),
    summary: 'Cancel a task that is queued or running',
    description:
      'A queued task never starts. A running task is stopped: a first install is removed again, any other change leaves ' +
      'a failed revision. Answers when that is done.',
    responses: { 200: { description: 'The cancelled task.', schema: TaskInfo } },
    errors: ['TASK_FINISHED', 'TASK_NOT_FOUND', 'TIMEOUT_REACHED'],
    errorPrefix: 'failed to cancel task {task}: ',
    unprefixed: ['TASK_NOT_FOUND'],
  }),
};
