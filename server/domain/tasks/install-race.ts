import { asObject, asString } from '../json/json-reading.ts';
import type { JsonValue } from '../json/json.ts';
import type { ProblemError } from '../errors/problem-error.ts';
import { type ReleaseKey, releaseKey } from '../names/release-key.ts';
import { compareArrival, type Task } from './task.ts';

/**
 * Whether an install failed because another one, which arrived later and is unfinished, was faster to create one of its
 * objects. If several installs need the same objects at once, each may get some, and if all of them failed, none would
 * succeed. So the earlier one gives way, and retries when the later one has ended; the later one never waits for the
 * earlier.
 */
export function isRaceOfInstalls(
  failure: ProblemError,
  task: Task,
  unfinishedOf: (key: ReleaseKey) => readonly { task: Task }[],
): boolean {
  const owner = asObject(failure.details['owner'] as JsonValue | undefined);
  return (
    failure.code === 'RESOURCE_EXISTS' &&
    unfinishedOf(releaseKey(asString(owner['namespace']), asString(owner['name']))).some(
      ({ task: other }) => other.order.kind === 'install' && compareArrival(task, other) < 0,
    )
  );
}
