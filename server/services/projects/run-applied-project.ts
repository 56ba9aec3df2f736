import { planAppliedProject } from '../../domain/projects/project-run.ts';
import type { OrderOf, RollbackOrder, DeleteOrder, Task } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import { derivedTask } from '../tasks/derived-task.ts';
import type { TaskExecutor } from '../tasks/task-executor.ts';
import { ofMember } from './of-member.ts';
import { type AppliedPart, appliedParts, failureOf, findParts, reportSteps, whenPartEnds } from './project-steps.ts';

export type RunAppliedProjectDeps = {
  store: Pick<TaskStore, 'create' | 'find' | 'subscribe'>;
  clock: Clock;
};

/**
 * Carries out the steps of an applied project: a durable task for each, as its plan says, and after a failure with
 * `onFailure: rollback` one that undoes it. Like every change of a project it keeps no state in memory.
 * @throws ProblemError that of the first failed step, with `details.steps`
 */
export function createRunAppliedProject({
  store,
  clock,
}: RunAppliedProjectDeps): TaskExecutor<OrderOf<'applyProject'>> {
  return async function runAppliedProject(task, run) {
    const { steps, onFailure, guarded } = task.order;
    const parts = appliedParts(task, steps);
    await findParts(store, parts);
    await findUndoings(parts);
    const move = planAppliedProject(
      parts.map((part) => ({
        release: part.release,
        after: part.after,
        state: part.task?.state ?? null,
        undo: part.undo.task?.state ?? null,
        undoable: undoingOf(part) !== null,
        removal: part.order.kind === 'delete',
      })),
      onFailure,
    );
    const named = (releases: readonly string[]) => parts.filter(({ release }) => releases.includes(release));
    switch (move.do) {
      case 'start':
        await Promise.all(
          named(move.releases).map(({ id, release, order, seen }) =>
            create(task, { id, release, order, ...(guarded && seen > 0 && { expectedRevision: seen }) }),
          ),
        );
        return whenPartEnds(store, task);
      case 'undo':
        await Promise.all(
          named(move.releases).map(async (part) => {
            const undoing = undoingOf(part);
            return undoing === null ? null : create(task, { id: part.undo.id, release: part.release, ...undoing });
          }),
        );
        return whenPartEnds(store, task);
      case 'wait': {
        const done = parts.filter((part) => part.task?.state === 'succeeded').length;
        run.report({ phase: 'apply', message: `waits for ${move.releases.join(', ')}`, done, total: parts.length });
        return whenPartEnds(store, task);
      }
      case 'fail': {
        const failed = parts.find(({ release }) => release === move.release);
        throw failureOf(failed, { steps: reportSteps(parts) });
      }
      case 'finish':
        return { warnings: parts.flatMap((part) => ofMember(part.release, part.task?.warnings ?? [])) };
      default:
        return move satisfies never;
    }
  };

  async function findUndoings(parts: readonly AppliedPart[]): Promise<void> {
    const isFailed = parts.some(({ task }) => task?.state === 'failed' || task?.state === 'cancelled');
    for (const { undo, task } of isFailed ? parts : []) {
      undo.task = task === null ? null : ((await store.find(undo.id))?.task ?? null);
    }
  }

  function create(
    { namespace, caller, requestId, force, operationTimeoutMs }: Task,
    part: Pick<Task, 'id' | 'release' | 'order' | 'expectedRevision'>,
  ) {
    return store.create({
      ...derivedTask(clock, {
        namespace,
        caller,
        requestId,
        ...part,
        ...(force === true && { force }),
        ...(operationTimeoutMs !== undefined && { operationTimeoutMs }),
      }),
    });
  }
}

/**
 * What undoes a step; null: nothing does. A release that another change has reached since is left alone, by the revision
 * that is expected. A failed install was taken back by itself, and what was removed is gone.
 */
function undoingOf({
  task,
  seen,
}: AppliedPart): { order: DeleteOrder | RollbackOrder; expectedRevision: number } | null {
  if (task === null || task.revision === undefined) {
    return null;
  }
  const { revision } = task;
  switch (task.order.kind) {
    case 'install':
      return task.state === 'succeeded'
        ? { order: { kind: 'delete', deletePvcs: false, ignoreNotFound: true }, expectedRevision: revision }
        : null;
    case 'upgrade': {
      const isDone = task.state === 'succeeded';
      const order = { kind: 'rollback', revision: seen } as const;
      return seen > 0 && revision > seen ? { order, expectedRevision: isDone ? revision : seen } : null;
    }
    default:
      return null;
  }
}
