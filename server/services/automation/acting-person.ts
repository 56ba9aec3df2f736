import type { AccessQuestion } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { type Automation, automationOf, type AutomationRules } from '../../domain/automation/automation.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { Authorization } from '../access/authorization.ts';

export type ActingPersonDeps = {
  authorization: Pick<Authorization, 'demand'>;
  cache: Pick<ReleaseCache, 'list'>;
  rules: AutomationRules;
  clock: Pick<Clock, 'now'>;
};

/** Whom Walm impersonates for automatic changes; the account must still exist. */
export interface ActingPerson {
  /** Whom Walm impersonates to read the outputs of a release, independent of what else is automatic. */
  readerOf(record: ReleaseRecord): Promise<Automation>;
  /** The identity that Walm impersonates to remove leftovers from a namespace; undefined: none, so nothing is removed. */
  actorIn(namespace: string): Promise<Caller | null | undefined>;
  /** Whether the caller has a right now; Walm itself needs no review. */
  hasRight(caller: Caller | null, right: AccessQuestion): Promise<boolean>;
}

export function createActingPerson({ authorization, cache, rules, clock }: ActingPersonDeps): ActingPerson {
  /** The refusal of the cluster; null if there is none. */
  async function refusalOf(caller: Caller | null, rights: readonly AccessQuestion[]): Promise<string | null> {
    try {
      await authorization.demand(caller, rights);
      return null;
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'FORBIDDEN') {
        return error.message;
      }
      throw error;
    }
  }

  async function acting(record: ReleaseRecord, by: AutomationRules): Promise<Automation> {
    const automation = automationOf(record, by, clock.now());
    const reason = automation.may ? await refusalOf(automation.as, []) : null;
    return reason === null ? automation : { may: false, reason };
  }

  return {
    readerOf: (record) => acting(record, { ...rules, mode: 'on', identityMaxAgeMs: 0 }),
    async actorIn(namespace) {
      if (!rules.asksWhoCalls) {
        return null;
      }
      const records = await cache.list(namespace);
      const known = await Promise.all(records.map((record) => acting(record, rules)));
      return known.find((automation) => automation.may)?.as;
    },
    hasRight: async (caller, right) => (await refusalOf(caller, [right])) === null && caller !== null,
  };
}
