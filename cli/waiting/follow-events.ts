import type { Session } from '../session/session.ts';
import { interruptible } from './interruptible.ts';
import { watchChanges, type Scope } from './watch-changes.ts';

/** Calls `look` whenever something changed in the scope, until it returns true. Ctrl-C ends the run with 130. */
export async function followEvents(session: Session, scope: Scope, look: () => Promise<boolean>): Promise<void> {
  await interruptible(session, [], async (signal) => {
    const changes = await watchChanges(session, scope, signal);
    try {
      for (;;) {
        await changes.next();
        if (signal.aborted || (await look())) return;
      }
    } finally {
      changes.close();
    }
  });
}
