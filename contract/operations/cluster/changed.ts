import { Type } from 'typebox';
import type { ResponseSpec } from '../parts/operation.ts';
import { done } from '../parts/release-answers.ts';

/** Response to a change of an object of the cluster that is done. */
export const changed = {
  description: done.description,
  schema: done.schema,
  mayBeEmpty: true,
} as const satisfies ResponseSpec;

/** Parameter of deletes. */
export const ignoreNotFound = Type.Boolean({
  description: 'Return 200 if there is nothing of that name.',
  default: false,
});
