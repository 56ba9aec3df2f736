import type { Config } from '../config/config-options.ts';
import type { AccessQuestion } from '../domain/access/access-question.ts';
import { type Automation, automationOf, type AutomationRules, isMadeBy } from '../domain/automation/automation.ts';
import type { Caller } from '../domain/access/caller.ts';
import { ProblemError } from '../domain/errors/problem-error.ts';
import type { ReleaseKey } from '../domain/names/release-key.ts';
import type { ReleaseRecord } from '../domain/release/release-record.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { HelmRelease } from '../ports/helm/helm-release.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import type { Metrics } from '../ports/runtime/metrics.ts';
import type { Authorization } from '../services/access/authorization.ts';
import { createDenials } from '../services/automation/denials.ts';
import { createGuardUnattended } from '../services/automation/guard-unattended.ts';
import { createJudgeAutomation, denialOf } from '../services/automation/judge-automation.ts';
import { createJudgeInjection } from '../services/automation/judge-injection.ts';

/** What judging Walm's own changes needs from the rest of the server. */
export interface AutomationPartsDeps {
  readonly config: Pick<Config, 'auth' | 'automation'>;
  readonly authorization: Authorization;
  readonly cache: Pick<ReleaseCache, 'list'>;
  readonly findDeployed: (key: ReleaseKey) => Promise<ReleaseRecord | null>;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

const DAY_MS = 86_400_000;

/** Puts together what says whether, and in whose name, Walm may do something by itself. */
export function createAutomationParts(deps: AutomationPartsDeps) {
  const { config, authorization, cache, findDeployed, metrics, clock } = deps;
  const rules: AutomationRules = {
    mode: config.automation.mode,
    asksWhoCalls: config.auth.mode === 'kubernetes',
    serviceAccount: config.automation.serviceAccount,
    identityMaxAgeMs: config.automation.identityMaxAgeDays * DAY_MS,
  };
  const judgeAutomation = createJudgeAutomation({ authorization, rules, clock });
  const judgeInjection = createJudgeInjection({ judgeAutomation, findDeployed });
  const denials = createDenials();
  metrics.gauge('walm_automation_not_allowed', 'Releases of which Walm may not do something by itself.', () =>
    denials.count(),
  );

  /** In whose name Walm may act: somebody who is still there. */
  async function acting(record: ReleaseRecord, by: AutomationRules): Promise<Automation> {
    const automation = automationOf(record, by, clock.now());
    try {
      await (automation.may && authorization.demand(automation.as, []));
      return automation;
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'FORBIDDEN') {
        return { may: false, reason: error.message };
      }
      throw error;
    }
  }

  return {
    rules,
    denials,
    judgeAutomation,
    judgeInjection,
    guard: createGuardUnattended({ rules, clock }),
    isMadeBy: (person: Caller | null, release: HelmRelease) => isMadeBy(person, release, rules, clock.now()),
    denialOf: (refusal: Parameters<typeof denialOf>[0]) => denialOf(refusal, rules),
    /** In whose name what a release publishes is read, whatever else Walm may do by itself. */
    readerOf: (record: ReleaseRecord) => acting(record, { ...rules, mode: 'on', identityMaxAgeMs: 0 }),
    /** In whose name what is left beside the releases of a namespace is cleared away; undefined: in nobody's. */
    async actorIn(namespace: string): Promise<Caller | null | undefined> {
      if (!rules.asksWhoCalls) {
        return null;
      }
      const records = await cache.list(namespace);
      const known = await Promise.all(records.map((record) => acting(record, rules)));
      return known.find((automation) => automation.may)?.as;
    },
    /** Whether somebody has a right now; of Walm itself nobody is asked. */
    async hasRight(caller: Caller | null, right: AccessQuestion): Promise<boolean> {
      try {
        await authorization.demand(caller, [right]);
        return caller !== null;
      } catch (error) {
        if (error instanceof ProblemError && error.code === 'FORBIDDEN') {
          return false;
        }
        throw error;
      }
    },
    /** Why a release may not be given what its providers publish; any replica can tell. */
    async denied(record: ReleaseRecord) {
      const known = denials.of(record.key).find(({ what }) => what === 'dependencies');
      const judgement = known === undefined ? await judgeInjection(record) : null;
      return known?.denial ?? (judgement?.may === false ? judgement : null);
    },
    /** What Walm may not do with a release by itself, for its answer. */
    notAllowed: (record: ReleaseRecord) =>
      denials.of(record.key).map(({ what, denial: { reason, missing } }) => ({
        what,
        reason,
        ...(missing && { missing }),
      })),
  };
}
