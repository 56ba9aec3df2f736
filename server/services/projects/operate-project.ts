import { type ReleaseAction, releaseCan } from '../../../contract/release-can.ts';
import { recordedProviders } from '../../domain/dependencies/release-dependencies.ts';
import { judgedRelease } from '../../domain/answers/judged-release.ts';
import { projectNotFound } from '../../domain/errors/project-problems.ts';
import { refusalOf } from '../../domain/errors/release-problems.ts';
import { wavesOf } from '../../domain/projects/waves.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { LifecycleStep, ProjectLifecycleOrder } from '../../domain/tasks/task.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import type { AwaitOutcome } from '../tasks/await-outcome.ts';
import type { MutationOptions, MutationOutcome } from '../tasks/release-mutation.ts';
import type { SubmitTask } from '../tasks/submit-task.ts';
import { membersOf } from './read-projects.ts';
import { isUndecided } from './undecided-project.ts';

export type OperateProjectDeps = {
  current: Pick<CurrentReleases, 'list'>;
  store: Pick<TaskStore, 'unfinishedOf'>;
  submitTask: SubmitTask;
  awaitOutcome: AwaitOutcome;
};

export interface OperateProjectInput {
  readonly namespace: string;
  readonly project: string;
  /** What is done with each of its releases. */
  readonly order: LifecycleStep['order'];
  readonly options: MutationOptions;
}

/**
 * Accepts a pause of a project (dependents first), a recovery or a restart (providers first): one task with a step for
 * each release with which there is something to do.
 * @throws ProblemError PROJECT_NOT_FOUND, what the first release refuses, and the problem that the task fails with
 */
export type OperateProject = (input: OperateProjectInput, signal: AbortSignal) => Promise<MutationOutcome>;

const KINDS = {
  pause: 'pauseProject',
  recover: 'recoverProject',
  restart: 'restartProject',
} as const satisfies Partial<Record<ReleaseAction, ProjectLifecycleOrder['kind']>>;

export function createOperateProject(deps: OperateProjectDeps): OperateProject {
  return async function operateProject({ namespace, project, order, options }, signal) {
    const members = membersOf(await deps.current.list(namespace), project);
    if (members.length === 0) {
      throw projectNotFound(namespace, project);
    }
    // What unfinished changes will leave is judged by each step.
    const isDecided = !isUndecided(deps.store, namespace, project, options);
    const changed = isDecided ? members.filter((record) => isToDo(record, order.kind)) : members;
    if (changed.length === 0) {
      return { task: null, finished: true, warnings: options.warnings };
    }
    const stored = await deps.submitTask({
      namespace,
      release: '',
      project,
      order: { kind: KINDS[order.kind], steps: toSteps(changed, order) },
      asked: { verb: KINDS[order.kind], ...('mode' in order && { mode: order.mode }) },
      warnings: [...options.warnings],
      options,
      seen: { history: [], ownConfig: null },
    });
    return deps.awaitOutcome(stored, options.waiting, signal);
  };
}

/** @throws ProblemError what the release refuses the action with */
function isToDo(record: ReleaseRecord, action: LifecycleStep['order']['kind']): boolean {
  const release = judgedRelease(record);
  const refusal = refusalOf(release, action);
  if (refusal !== null) {
    throw refusal;
  }
  return releaseCan(release, action).can !== 'nothing';
}

/** Releases that depend on each other in a circle have no order. */
function toSteps(members: readonly ReleaseRecord[], order: LifecycleStep['order']): LifecycleStep[] {
  const names = new Map(members.map(({ key, name }) => [key, name]));
  const providers = new Map(
    members.map(({ key, name, facts }) => [
      name,
      recordedProviders(key, facts?.dependencies ?? {}).flatMap((provider) => names.get(provider) ?? []),
    ]),
  );
  const before = order.kind === 'pause' ? turned(providers) : providers;
  const steps = members.map(({ name }) => ({
    name,
    after: (before.get(name) ?? []).filter((other) => other !== name),
  }));
  const ordered = new Set(wavesOf(steps).flatMap((wave) => wave.map(({ name }) => name)));
  return steps.map(({ name, after }) => ({ release: name, after: ordered.has(name) ? after : [], order }));
}

function turned(graph: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, others] of graph) {
    for (const other of others) {
      const known = found.get(other) ?? [];
      known.push(name);
      found.set(other, known);
    }
  }
  return found;
}
