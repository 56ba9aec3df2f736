import { after, type ExpectedRelease, type Wanted } from '../../chaos/expected-release.ts';

/**
 * The release after a change came to an end that says nothing of a pause: one that is made runs, and has no label of an earlier
 * one; one that is gone is none.
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
