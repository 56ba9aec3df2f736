import { Type } from 'typebox';
import type { ResponseSpec } from './operation.ts';
import { TaskInfo } from '../../schemas/task.ts';
import { ObjectRef, Warning } from '../../schemas/warning.ts';

/** Header of the response to a change. */
export const taskHeader = { 'Walm-Task-Id': 'Id of the task that carried out the request.' };
/** Header of every change. */
export const idempotency = {
  'Idempotency-Key':
    'A repeated request with the same key returns the result of the first one; at most 200 characters.',
};

/** Response to a change that is done. */
export const done = {
  description: 'Done. The body is empty, or contains warnings.',
  schema: Type.Object({ warnings: Type.Array(Warning) }, { $id: 'Warnings' }),
  mayBeEmpty: true,
  headers: taskHeader,
} as const satisfies ResponseSpec;

/** Response to a pause that is done. */
export const paused = {
  description: 'Done. The body is empty, or contains warnings and `notPaused`.',
  schema: Type.Object(
    {
      warnings: Type.Array(Warning),
      notPaused: Type.Array(ObjectRef, {
        description: 'Objects that Walm cannot pause and that may keep running; each is also a warning.',
      }),
    },
    { $id: 'Paused' },
  ),
  mayBeEmpty: true,
  headers: taskHeader,
} as const satisfies ResponseSpec;

/** Response to a change that carries on in the background. */
export const accepted = {
  description: 'Accepted with `async=true`: the task is durable and runs in the background.',
  schema: Type.Object({ task: TaskInfo, warnings: Type.Array(Warning) }, { $id: 'Accepted' }),
  headers: taskHeader,
} as const satisfies ResponseSpec;
