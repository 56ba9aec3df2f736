import type { Logger } from 'pino';
import type { Cluster } from '../adapters/cluster.ts';
import type { AutomationParts } from './automation.ts';
import type { Config } from '../../config/config-options.ts';
import { rolloutBegan } from '../../domain/rollout/rollout-begin.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createRolloutWatch } from '../../reconcilers/releases/rollout-watch.ts';
import type { AcceptChange } from '../../services/releases/accept/accept-change.ts';
import { createHandleFailedRollout } from '../../services/releases/accept/handle-failed-rollout.ts';

export interface RolloutsDeps {
  readonly config: Pick<Config, 'rolloutDeadlineSec'>;
  readonly acceptChange: AcceptChange;
  readonly automation: Pick<AutomationParts, 'denialOf' | 'denials' | 'hasRight' | 'isMadeBy' | 'judgeAutomation'>;
  readonly cache: ReleaseCache;
  readonly cluster: Pick<Cluster, 'leadership' | 'live' | 'rolloutMarks' | 'workloads'>;
  /** Resolves once the objects, the releases and the tasks of the cluster are known. */
  readonly complete: Promise<unknown>;
  readonly engine: HelmEngine;
  readonly random: () => number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Watches rollouts, and handles failed ones as their releases say. */
export function createRollouts(deps: RolloutsDeps) {
  const { config, acceptChange, automation, cache, cluster, complete, engine, random, clock, log } = deps;
  const { denialOf, denials, hasRight, isMadeBy, judgeAutomation } = automation;
  return createRolloutWatch({
    complete,
    cache,
    live: cluster.live,
    marks: cluster.rolloutMarks,
    workloads: cluster.workloads,
    leadership: cluster.leadership,
    rolloutBegan: async (record, signal) => {
      const { namespace, name } = record;
      return rolloutBegan(await engine.releaseHistory({ identity: null, namespace, name }, { signal }), record);
    },
    handleFailedRollout: createHandleFailedRollout({
      engine,
      judgeAutomation,
      denialOf,
      acceptChange,
      isMadeBy,
      hasRight,
    }),
    judge: (release) => judgeAutomation({ release }),
    denials,
    clock,
    random,
    deadlineMs: config.rolloutDeadlineSec * 1000,
    onError: (key, error) => log.warn({ release: key, err: error }, 'rollout watch failed, will retry'),
  });
}
