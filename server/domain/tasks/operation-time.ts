import type { Task } from './task.ts';

/** Timeout in milliseconds of each of Helm's hooks and waits of a task: that of the request, or the server's option. */
export type OperationTime = (task: Pick<Task, 'operationTimeoutMs'>) => number;

/** The only access to the server's option, so that no operation ignores the timeout of its request. */
export function createOperationTime(optionMs: number): OperationTime {
  return ({ operationTimeoutMs }) => operationTimeoutMs ?? optionMs;
}
