import { projectExists } from '../../domain/errors/project-problems.ts';
import { isProblemCode } from '../../../contract/problems/problem.ts';
import { FinalProblem } from '../../domain/errors/too-many-attempts.ts';
import { planProject } from '../../domain/projects/project-plan.ts';
import { recordedProviders } from '../../domain/dependencies/release-dependencies.ts';
import { createNameLinks } from '../../domain/indexes/name-links.ts';
import { parseReleaseKey } from '../../domain/names/release-key.ts';
import { type MemberChange, type OrderOf, partId, type ProjectRemoval, type Task } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import { derivedTask } from '../tasks/derived-task.ts';
import type { TaskExecutor, TaskResult, TaskRun } from '../tasks/task-executor.ts';
import { ofMember } from './of-member.ts';
import { membersOf } from './read-projects.ts';

type ProjectKind = 'changeProject' | 'createProject' | 'deleteProject';

export type RunProjectDeps = {
  current: Pick<CurrentReleases, 'list'>;
  store: Pick<TaskStore, 'create' | 'find'>;
  clock: Clock;
};

/** A release task of a project task; its id is derived from the project task, so that it is never created twice. */
type Step = {
  id: string;
  release: string;
  after: readonly string[];
  order: MemberChange['order'];
  task: Task | null;
};

/** The tasks are read from memory, so a short interval costs next to nothing. */
const RECHECK_MS = 100;

/**
 * Carries out a change of a whole project: creates a durable task for each release, in order, and watches their
 * progress. It keeps no state in memory: after a crash the existing tasks show how far it got.
 */
export function createRunProject({ current, store, clock }: RunProjectDeps): TaskExecutor<OrderOf<ProjectKind>> {
  return async function runProject(task, run) {
    const steps = await stepsOf(task, run);
    await look(steps);
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
        return { recheckMs: RECHECK_MS };
      case 'wait': {
        const done = steps.filter((step) => step.task?.state === 'succeeded').length;
        run.report({ phase: 'apply', message: `waits for ${move.releases.join(', ')}`, done, total: steps.length });
        return { recheckMs: RECHECK_MS };
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
    if (order.kind === 'changeProject') {
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

  /** Finds the tasks that may exist already: those whose predecessors are done. */
  async function look(steps: readonly Step[]): Promise<void> {
    const done = new Set<string>();
    const looked = new Set<Step>();
    for (let found = true; found;) {
      found = false;
      for (const step of steps) {
        if (!looked.has(step) && step.after.every((name) => done.has(name))) {
          looked.add(step);
          step.task = (await store.find(step.id))?.task ?? null;
          if (step.task?.state === 'succeeded') {
            done.add(step.release);
            found = true;
          }
        }
      }
    }
  }
}

/** The part was looked at as often as it was to be: how it ended is the end of the project's task, too. */
function failureOf(step: Step | undefined): FinalProblem {
  const { code = 'CANCELLED', message = 'its task was cancelled', details = {} } = step?.task?.error ?? {};
  return new FinalProblem(isProblemCode(code) ? code : 'INTERNAL', `release ${step?.release ?? ''}: ${message}`, {
    details: { ...details, release: step?.release, releaseTask: step?.id },
  });
}

function finished(steps: readonly Step[]): TaskResult {
  return {
    warnings: steps.flatMap(({ release, task }) => ofMember(release, task?.warnings ?? [])),
  };
}
