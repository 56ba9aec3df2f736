import { Type } from 'typebox';
import type { ResponseSpec } from './operation.ts';
import { TaskInfo } from '../schemas/task.ts';
import { ObjectRef, Warning } from '../schemas/warning.ts';

/** Header of the answer to a change. */
export const taskHeader = { 'Walm-Task-Id': 'Id of the task that did it.' };
/** Header of every change. */
export const idempotency = {
  'Idempotency-Key': 'Repetitions of a request with the same key get the outcome of the first; at most 200 characters.',
};

/** Answer to a change that is done. */
export const done = {
  description: 'Done. The body is empty, or has the warnings when there are any.',
  schema: Type.Object({ warnings: Type.Array(Warning) }, { $id: 'Warnings' }),
  mayBeEmpty: true,
  headers: taskHeader,
} as const satisfies ResponseSpec;

/** Answer to a pause that is done. */
export const paused = {
  description: 'Done. The body is empty, or has what there is to say.',
  schema: Type.Object(
    {
      warnings: Type.Array(Warning),
      notPaused: Type.Array(ObjectRef, {
        description: 'Objects that Walm has no way to pause, which may go on running; each is a warning, too.',
      }),
    },
    { $id: 'Paused' },
  ),
  mayBeEmpty: true,
  headers: taskHeader,
} as const satisfies ResponseSpec;

/** Answer to a change that goes on. */
export const accepted = {
  description: 'Accepted with `async=true`: the task is durable and carries on.',
  schema: Type.Object({ task: TaskInfo, warnings: Type.Array(Warning) }, { $id: 'Accepted' }),
  headers: taskHeader,
} as const satisfies ResponseSpec;
