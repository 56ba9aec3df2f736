import type { Task } from './task.ts';

/** Milliseconds for each of Helm's hooks and waits of a task: what the request said, or the server's option. */
export type OperationTime = (task: Pick<Task, 'operationTimeoutMs'>) => number;

/** The only way to the server's option, so that no operation forgets what its request said. */
export function createOperationTime(optionMs: number): OperationTime {
  return ({ operationTimeoutMs }) => operationTimeoutMs ?? optionMs;
}
