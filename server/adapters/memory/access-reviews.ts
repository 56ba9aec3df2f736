import type { AccessQuestion } from '../../domain/access/access-question.ts';
import { callerOf, type Caller, type ClaimedIdentity } from '../../domain/access/caller.ts';
import { type AccountName, accountUser } from '../../domain/access/recorded-identity.ts';
import type { AccessReviews } from '../../ports/cluster/access-reviews.ts';

/** A user, their token, and their rights: `get demo` for releases, `list secrets demo` for others, `*` for all. */
export interface MemoryUser extends ClaimedIdentity {
  readonly token: string;
  readonly rights: readonly string[];
}

/** Users named by a test; service accounts exist as long as they are among them. `asked` counts the reviews. */
export function createMemoryAccessReviews(users: readonly MemoryUser[]): AccessReviews & {
  users: MemoryUser[];
  asked: number;
} {
  const state = { users: [...users], asked: 0 };
  const allows = ({ user }: Caller, question: AccessQuestion) => {
    state.asked += 1;
    const rights = state.users.find((one) => one.user === user)?.rights ?? [];
    return Promise.resolve(['*', ...wordings(question)].some((right) => rights.includes(right)));
  };
  return Object.assign(state, {
    identify(token: string) {
      state.asked += 1;
      const found = state.users.find((user) => user.token === token);
      return Promise.resolve(found === undefined ? null : callerOf(found));
    },
    allows,
    allowsSome: allows,
    accountUid(account: AccountName) {
      const found = state.users.find(({ user }) => user === accountUser(account));
      return Promise.resolve(found === undefined ? null : (found.uid ?? ''));
    },
  });
}

/** The rights of which any one allows the access. */
function wordings({ verb, resource, namespace }: AccessQuestion): string[] {
  const what = resource === 'releaseconfigs' ? verb : `${verb} ${resource}`;
  return namespace === '' ? [`${what} *`] : [`${what} *`, `${what} ${namespace}`];
}
