import type { AccessOverview } from '../../../contract/schemas/access-overview.ts';
import type { Session } from '../../../contract/schemas/session.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { HandlersOf } from './handler.ts';

/** The use cases that tell a client where it is, and what it may do. */
export interface SessionServices {
  readonly getSession: (caller: Caller | null) => Session;
  readonly getAccess: (
    query: { namespace?: string | undefined; limit: number; continue?: string | undefined },
    caller: Caller | null,
  ) => Promise<AccessOverview>;
}

/** The handlers of those operations. */
export function createSessionHandlers({
  getSession,
  getAccess,
}: SessionServices): HandlersOf<'getSession' | 'getAccess'> {
  return {
    getSession: async ({ caller }) => ({ status: 200, body: getSession(caller) }),
    getAccess: async ({ query, caller }) => ({ status: 200, body: await getAccess(query, caller) }),
  };
}
