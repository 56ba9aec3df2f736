import type { Config } from '../../config/config-options.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { type AutomationRules, isMadeBy } from '../../domain/automation/automation.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Metrics } from '../../ports/runtime/metrics.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { OutputPropagationDeps } from '../../reconcilers/dependencies/output-propagation.ts';
import type { Authorization } from '../../services/access/authorization.ts';
import { type ActingPerson, createActingPerson } from '../../services/automation/acting-person.ts';
import { createDenials, type Denials } from '../../services/automation/denials.ts';
import { createGuardUnattended, type GuardUnattended } from '../../services/automation/guard-unattended.ts';
import {
  createJudgeAutomation,
  type Denial,
  denialOf,
  type JudgeAutomation,
} from '../../services/automation/judge-automation.ts';
import { createJudgeInjection, type JudgeInjection } from '../../services/automation/judge-injection.ts';
import type { FindDeployed } from '../../services/releases/observe/find-deployed.ts';
import type { GetReleaseDeps } from '../../services/releases/query/get-release.ts';

/** Decides which automatic changes are allowed, and with whose identity. */
export interface AutomationParts extends ActingPerson {
  readonly denials: Denials;
  readonly guard: GuardUnattended;
  readonly judgeAutomation: JudgeAutomation;
  readonly judgeInjection: JudgeInjection;
  readonly denialOf: OutputPropagationDeps['denialOf'];
  readonly isMadeBy: (person: Caller | null, release: HelmRelease) => boolean;
  /** Why outputs may not be injected into a release; any replica can answer. */
  readonly denied: (record: ReleaseRecord) => Promise<Denial | null>;
  /** Which automatic changes of a release are denied, for the answer about it. */
  readonly notAllowed: GetReleaseDeps['notAllowed'];
}

export interface AutomationDeps {
  readonly config: Pick<Config, 'auth' | 'automation'>;
  readonly authorization: Authorization;
  readonly cache: Pick<ReleaseCache, 'list'>;
  readonly findDeployed: FindDeployed;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

const DAY_MS = 86_400_000;

export function createAutomation(deps: AutomationDeps): AutomationParts {
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

  const { readerOf, actorIn, hasRight } = createActingPerson({ authorization, cache, rules, clock });

  return {
    denials,
    guard: createGuardUnattended({ rules, clock }),
    judgeAutomation,
    judgeInjection,
    denialOf: (refusal) => denialOf(refusal, rules),
    isMadeBy: (person, release) => isMadeBy(person, release, rules, clock.now()),
    readerOf,
    actorIn,
    hasRight,
    async denied(record) {
      const known = denials.of(record.key).find(({ what }) => what === 'dependencies');
      const judgement = known === undefined ? await judgeInjection(record) : null;
      return known?.denial ?? (judgement?.may === false ? judgement : null);
    },
    notAllowed: (record) =>
      denials.of(record.key).map(({ what, denial: { reason, missing } }) => ({
        what,
        reason,
        ...(missing && { missing }),
      })),
  };
}
