import { RELEASES } from '../../../contract/schemas/access.ts';
import { type AccessQuestion, questionOf } from '../../domain/access/access-question.ts';
import { automationOf, type AutomationRules } from '../../domain/automation/automation.ts';
import { missingRight } from '../../domain/automation/missing-right.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Authorization } from '../access/authorization.ts';

/** Why an automatic change is denied; `missing` is the missing right, if that is the reason. */
export type Denial = { reason: string; missing?: AccessQuestion };

/**
 * Whom an automatic change may impersonate (null: Walm itself), and since when that user wants the release as it is; or
 * why the change is denied.
 */
export type Judgement = { may: true; as: Caller | null; since: string } | ({ may: false } & Denial);

export type JudgeAutomationDeps = {
  authorization: Pick<Authorization, 'demand'>;
  rules: AutomationRules;
  clock: Pick<Clock, 'now'>;
};

/** A revision that Walm would change automatically, and the further rights it needs. */
export type Judged = {
  release: Pick<ReleaseRecord, 'namespace' | 'name' | 'revision' | 'seal'>;
  needs?: readonly AccessQuestion[];
};

/**
 * Judges whether Walm may change a release automatically, with the rights of the user who made the revision; the
 * cluster is asked each time.
 * @throws ProblemError CLUSTER_UNREACHABLE
 */
export type JudgeAutomation = (judged: Judged) => Promise<Judgement>;

export function createJudgeAutomation({ authorization, rules, clock }: JudgeAutomationDeps): JudgeAutomation {
  return async function judgeAutomation({ release, needs = [] }) {
    const automation = automationOf(release, rules, clock.now());
    if (!automation.may) {
      return automation;
    }
    const change = questionOf({ verb: 'update', ...RELEASES }, release.namespace, release.name);
    try {
      await authorization.demand(automation.as, [change, ...needs]);
      return automation;
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'FORBIDDEN')) {
        throw error;
      }
      return { may: false, ...denialOf(error, rules) };
    }
  };
}

/** The denial that follows from a refusal of the cluster. */
export function denialOf(
  { message, details }: { message: string; details: Readonly<Record<string, unknown>> },
  { serviceAccount }: Pick<AutomationRules, 'serviceAccount'>,
): Denial {
  const missing = missingRight(message, details);
  const help =
    serviceAccount === ''
      ? ''
      : `; Walm acts as the service account ${serviceAccount} of the namespace: bind it to the ClusterRole walm-edit and ` +
        "to Kubernetes' edit, as the security guide shows";
  return { reason: message + help, ...(missing && { missing }) };
}
