import type { Caller } from '../../../server/domain/access/caller.ts';

/** A caller of whom the cluster knows only the name and some groups. */
export function person(user: string, groups: readonly string[] = []): Caller {
  return { user, groups, uid: '', extra: {} };
}
