import { automationOf, type AutomationRules, isSamePerson } from '../../domain/automation/automation.ts';
import { problem } from '../../domain/problem-error.ts';
import type { Task } from '../../domain/task.ts';
import type { HelmRelease } from '../../ports/helm-release.ts';
import type { Clock } from '../../ports/clock.ts';

type Recorded = Pick<HelmRelease, 'namespace' | 'name' | 'revision' | 'seal'>;

/** Refuses what a task that nobody asked for must not act on; tasks of persons may act on everything. */
export type GuardUnattended = {
  /**
   * The revision that the change begins at: sealed, and by whom the task acts for. Between judgement and turn somebody
   * may have written another one. @throws ProblemError RELEASE_NOT_SEALED, FORBIDDEN
   */
  begin(task: Task, release: Recorded): void;
  /** A further revision that the change takes something from. @throws ProblemError RELEASE_NOT_SEALED */
  use(task: Task, release: Recorded): void;
};

export function createGuardUnattended(deps: { rules: AutomationRules; clock: Pick<Clock, 'now'> }): GuardUnattended {
  function use({ unattended }: Task, { namespace, name, revision, seal }: Recorded): void {
    if (unattended !== undefined && !seal.sealed) {
      throw problem(
        'RELEASE_NOT_SEALED',
        `Walm does not act by itself on revision ${revision} of release ${namespace}/${name}: ${seal.reason}`,
        { revision },
        { kind: 'Release', namespace, name },
      );
    }
  }

  return {
    use,
    begin(task, release) {
      use(task, release);
      if (task.unattended === undefined) {
        return;
      }
      const automation = automationOf(release, deps.rules, deps.clock.now());
      if (!automation.may || !isSamePerson(automation.as, task.caller)) {
        const reason = automation.may ? 'somebody else has changed it since' : automation.reason;
        throw problem(
          'FORBIDDEN',
          `Walm does not change release ${release.namespace}/${release.name} by itself: ${reason}`,
        );
      }
    },
  };
}
