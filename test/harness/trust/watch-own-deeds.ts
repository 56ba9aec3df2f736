import type { AuditEvent } from './audit-log.ts';
import { auditLogEnd, readAuditLog } from './audit-log.ts';
import { isOwn, type KnownException, type OwnIdentityFacts, wrongDeeds } from './own-deeds.ts';

/** A cluster's audit log from one moment on, seen as what Walm does in its own name. */
export interface OwnDeeds {
  /** Throws, naming each deed, when Walm did in its own name since the begin what it must not do. */
  expectNothingElsewhere(): Promise<void>;
  /** What Walm did in its own name since the begin. */
  all(): Promise<AuditEvent[]>;
}

/** Begins at the end of the log. `known` are what a test allows beside the rules, each with its reason. */
export function watchOwnDeeds(
  auditLog: string,
  own: OwnIdentityFacts,
  known: readonly KnownException[] = [],
): OwnDeeds {
  const begin = auditLogEnd(auditLog);
  const all = async (): Promise<AuditEvent[]> => {
    const { events } = await readAuditLog(auditLog, begin, (event) => isOwn(event, own));
    return events;
  };
  return {
    all,
    async expectNothingElsewhere() {
      const events = await all();
      // A log without a single request of Walm's is one of another cluster, or of another identity.
      if (events.length === 0) throw new Error(`${auditLog} knows of nothing that ${own.user} did`);
      const wrong = wrongDeeds(events, own, known);
      if (wrong.length > 0) throw new Error(`Walm did in its own name:\n${wrong.join('\n')}`);
    },
  };
}
