import { projectExists } from '../../domain/errors/project-problems.ts';
import { planProject } from '../../domain/projects/project-plan.ts';
import { recordedProviders } from '../../domain/dependencies/release-dependencies.ts';
import { createNameLinks } from '../../domain/indexes/name-links.ts';
import { parseReleaseKey } from '../../domain/names/release-key.ts';
import {
  type LifecycleStep,
  type MemberChange,
  type OrderKind,
  type OrderOf,
  partId,
  type ProjectRemoval,
  type Task,
} from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import { derivedTask } from '../tasks/derived-task.ts';
import type { TaskExecutor, TaskResult, TaskRun } from '../tasks/task-executor.ts';
import { ofMember } from './of-member.ts';
import { failureOf, findParts, type Part, whenPartEnds } from './project-steps.ts';
import { membersOf } from './read-projects.ts';

type ProjectKind = Exclude<OrderKind & `${string}Project`, 'applyProject'>;

export type RunProjectDeps = {
  current: Pick<CurrentReleases, 'list'>;
  store: Pick<TaskStore, 'create' | 'find' | 'subscribe'>;
  clock: Clock;
};

/** A release task of a project task. */
type Step = Part & { order: LifecycleStep['order'] | MemberChange['order'] };

/**
 * Carries out a change of a whole project: creates a durable task for each release, in order, and watches their
 * progress. It keeps no state in memory: after a crash the existing tasks show how far it got.
 */
export function createRunProject({ current, store, clock }: RunProjectDeps): TaskExecutor<OrderOf<ProjectKind>> {
  return async function runProject(task, run) {
    const steps = await stepsOf(task, run);
    await findParts(store, steps);
    const hasStarted = steps.some((step) => step.task !== null);
    if (task.order.kind === 'createProject' && !hasStarted && (await members(task)).length > 0) {
      throw projectExists(task.namespace, task.project ?? '');
    }
    const move = planProject(
      steps.map(({ release, after, task: own }) => ({ release, after, state: own?.state ?? null })),
    );
    const { namespace, caller, requestId, force, operationTimeoutMs } = task;
    const origin = {
      namespace,
      caller,
      requestId,
      ...(force === true && { force }),
      ...(operationTimeoutMs !== undefined && { operationTimeoutMs }),
    };
    switch (move.do) {
      case 'start':
        await Promise.all(
          steps
            .filter(({ release }) => move.releases.includes(release))
            .map(({ id, release, order: own }) =>
              store.create(derivedTask(clock, { ...origin, id, release, order: own })),
            ),
        );
        return whenPartEnds(store, task);
      case 'wait': {
        const done = steps.filter((step) => step.task?.state === 'succeeded').length;
        run.report({ phase: 'apply', message: `waits for ${move.releases.join(', ')}`, done, total: steps.length });
        return whenPartEnds(store, task);
      }
      case 'fail':
        throw failureOf(steps.find(({ release }) => release === move.release));
      case 'finish':
        return finished(steps);
      default:
        return move satisfies never;
    }
  };

  /** What is not found is neither deleted nor in the way. */
  async function members(task: Task) {
    return membersOf(await current.list(task.namespace), task.project ?? '');
  }

  async function stepsOf(task: Task<OrderOf<ProjectKind>>, run: TaskRun): Promise<Step[]> {
    const { order } = task;
    if (order.kind === 'createProject') {
      return order.installs.map((install, i) => ({ ...install, id: partId(task, i), task: null }));
    }
    if (order.kind !== 'deleteProject') {
      return order.steps.map((step, i) => ({ ...step, id: partId(task, i), task: null }));
    }
    const removals = order.removals ?? (await findRemovals(task));
    if (order.removals === undefined) {
      await run.save({ order: { ...order, removals } });
    }
    const { deletePvcs, keepHistory } = order;
    return removals.map((removal, i) => ({
      ...removal,
      id: partId(task, i),
      order: { kind: 'delete', deletePvcs, ignoreNotFound: true, ...(keepHistory === true && { keepHistory }) },
      task: null,
    }));
  }

  /** A release is deleted after its dependents. */
  async function findRemovals(task: Task): Promise<ProjectRemoval[]> {
    const records = await members(task);
    const dependents = createNameLinks();
    records.forEach(({ key, facts }) => dependents.replace(key, recordedProviders(key, facts?.dependencies ?? {})));
    return records.map(({ key, name }) => ({
      release: name,
      after: dependents
        .to(key)
        .filter((other) => other !== key)
        .map((other) => parseReleaseKey(other).name),
    }));
  }
}

function finished(steps: readonly Step[]): TaskResult {
  return {
    warnings: steps.flatMap(({ release, task }) => ofMember(release, task?.warnings ?? [])),
  };
}
