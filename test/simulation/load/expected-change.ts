import { after, type ExpectedRelease, type Wanted } from '../../model/expected-release.ts';

/**
 * The release after a change has ended. A new release runs, and has no labels of an earlier one of its name; a deleted one is
 * not paused.
 */
export function afterChange(before: ExpectedRelease, wanted: Wanted, isDone: boolean): ExpectedRelease {
  const isNew = wanted.exists === true && before.exists.has(false);
  const running = new Set([...(before.exists.has(true) ? before.paused : []), false]);
  const isGone = wanted.exists === false && isDone;
  return after(
    isNew ? { ...before, paused: running, label: null } : before,
    isGone ? { ...wanted, paused: false } : wanted,
    isDone,
  );
}
