import type { AuditEvent } from './audit-log.ts';
import { auditLogEnd, readAuditLog } from './audit-log.ts';
import { isOwn, type KnownException, type OwnIdentityFacts, wrongDeeds } from './own-deeds.ts';

/** A cluster's audit log from one moment on, reduced to the requests that Walm makes in its own name. */
export interface OwnDeeds {
  /** Throws if Walm has made forbidden requests in its own name since the start, listing them. */
  expectNothingElsewhere(): Promise<void>;
  /** The requests that Walm made in its own name since the start. */
  all(): Promise<AuditEvent[]>;
}

/** Starts at the end of the log. `known` lists what the test allows in addition to the rules, each with its reason. */
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
      // A log without any request of Walm belongs to another cluster, or to another identity.
      if (events.length === 0) throw new Error(`${auditLog} knows of nothing that ${own.user} did`);
      const wrong = wrongDeeds(events, own, known);
      if (wrong.length > 0) throw new Error(`Walm did in its own name:\n${wrong.join('\n')}`);
    },
  };
}
