import { after, type ExpectedRelease, type Wanted } from '../../chaos/expected-release.ts';

/**
 * The release after a change has ended, without its pause state: a created release is running, a deleted one does not
 * exist.
 */
export function afterChange(before: ExpectedRelease, wanted: Wanted, isDone: boolean): ExpectedRelease {
  const isNew = wanted.exists === true && before.exists.has(false);
  const running = new Set([...(before.exists.has(true) ? before.paused : []), false]);
  const isGone = wanted.exists === false && isDone;
  return after(isNew ? { ...before, paused: running } : before, isGone ? { ...wanted, paused: false } : wanted, isDone);
}
