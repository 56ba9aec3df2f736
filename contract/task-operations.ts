import { operation } from './operation.ts';
import { TaskInfo } from './task.ts';

/** The operations on tasks. */
export const taskOperations = {
  getTask: operation({
    method: 'GET',
    path: '/api/v1/task/{task}',
    tag: 'task',
    summary: 'Get a task',
    responses: { 200: { description: 'The task.', schema: TaskInfo } },
    errors: ['TASK_NOT_FOUND'],
    errorPrefix: 'failed to get task {task}: ',
    unprefixed: ['TASK_NOT_FOUND'],
  }),
};
