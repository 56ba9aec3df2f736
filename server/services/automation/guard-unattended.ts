import { automationOf, type AutomationRules, isMadeBy, isSamePerson } from '../../domain/automation/automation.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { Task } from '../../domain/tasks/task.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { Clock } from '../../ports/runtime/clock.ts';

type Recorded = Pick<HelmRelease, 'namespace' | 'name' | 'revision' | 'seal'>;

/** Refuses what an automatic task must not act on; tasks of users may act on everything. */
export type GuardUnattended = {
  /**
   * The revision that the change begins at has to be sealed, by the user whom the task acts for. Another user may have
   * written a newer one since the check.
   * @throws ProblemError RELEASE_NOT_SEALED, FORBIDDEN
   */
  begin(task: Task, release: Recorded): void;
  /**
   * Another revision that the change takes something from.
   * @throws ProblemError RELEASE_NOT_SEALED
   */
  use(task: Task, release: Recorded): void;
  /**
   * An earlier revision whose content the change applies again: it has to be sealed, and made by the user whom the task
   * acts for. A seal proves who made a revision, not that they have the rights for its content: failed attempts that
   * the cluster refused are sealed too, and the status of a revision can be changed by anyone who may edit the
   * namespace.
   * @throws ProblemError RELEASE_NOT_SEALED, FORBIDDEN
   */
  bringBack(task: Task, release: Recorded): void;
};

/** Why Walm does not restore a revision made by another user. */
export function othersRevision(revision: number): string {
  return (
    `revision ${revision}, the target of the rollback, was made by another caller than the failed one, and Walm does not use the ` +
    "rights of one caller on another's revision: roll back by hand, or set automation.serviceAccount"
  );
}

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
    bringBack(task, release) {
      use(task, release);
      if (task.unattended !== undefined && !isMadeBy(task.caller, release, deps.rules, deps.clock.now())) {
        throw problem('FORBIDDEN', othersRevision(release.revision), { revision: release.revision });
      }
    },
    begin(task, release) {
      use(task, release);
      if (task.unattended === undefined) {
        return;
      }
      const automation = automationOf(release, deps.rules, deps.clock.now());
      if (!automation.may || !isSamePerson(automation.as, task.caller)) {
        const reason = automation.may ? 'another caller has changed it since' : automation.reason;
        throw problem(
          'FORBIDDEN',
          `Walm does not change release ${release.namespace}/${release.name} by itself: ${reason}`,
        );
      }
    },
  };
}
