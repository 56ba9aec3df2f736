import { isProblemCode } from '../../../contract/problems/problem.ts';
import { cutName } from '../../domain/bounds/cut-name.ts';
import { FinalProblem } from '../../domain/errors/too-many-attempts.ts';
import {
  isFinished,
  isPartOf,
  partId,
  type PlannedChange,
  type Task,
  type TaskState,
} from '../../domain/tasks/task.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { Recheck } from '../tasks/task-executor.ts';

/** A release task of a project task; its id is derived from the project task, so that it is never created twice. */
export type Part = { id: string; release: string; after: readonly string[]; task: Task | null };

/** The end of a part calls back; this interval covers parts whose end was missed. */
const RECHECK_MS = 100;

/** Finds the tasks that may exist already: those whose predecessors are done. */
export async function findParts(store: Pick<TaskStore, 'find'>, parts: readonly Part[]): Promise<void> {
  const done = new Set<string>();
  const looked = new Set<Part>();
  for (let found = true; found;) {
    found = false;
    for (const part of parts) {
      if (!looked.has(part) && part.after.every((name) => done.has(name))) {
        looked.add(part);
        part.task = (await store.find(part.id))?.task ?? null;
        if (part.task?.state === 'succeeded') {
          done.add(part.release);
          found = true;
        }
      }
    }
  }
}

/** The parts that a project's task may have, none of them looked for yet; none for any other task. */
export function partsOf(task: Task): Part[] {
  return stepsOf(task).map(({ release, after }, at) => ({ id: partId(task, at), release, after, task: null }));
}

function stepsOf({ order }: Task): readonly Pick<Part, 'release' | 'after'>[] {
  if ('installs' in order) return order.installs;
  if ('steps' in order) return order.steps;
  return 'removals' in order ? (order.removals ?? []) : [];
}

/** The project task goes on as soon as one of its parts has ended. */
export function whenPartEnds(store: Pick<TaskStore, 'subscribe'>, whole: Pick<Task, 'id'>): Recheck {
  return {
    recheckMs: RECHECK_MS,
    sooner: (wake) =>
      store.subscribe((task) => {
        if (isFinished(task) && isPartOf(task.id, whole)) {
          wake();
        }
      }),
  };
}

/**
 * The problem of a project whose part failed, which was looked at as often as it was to be: how it ended is the end of the
 * project's task, too.
 */
export function failureOf(part: Part | undefined, more: Record<string, unknown> = {}): FinalProblem {
  const { code = 'CANCELLED', message = 'its task was cancelled', details = {} } = part?.task?.error ?? {};
  return new FinalProblem(isProblemCode(code) ? code : 'INTERNAL', `release ${part?.release ?? ''}: ${message}`, {
    details: { ...details, release: part?.release, releaseTask: part?.id, ...more },
  });
}

/** A part of the task of an applied project, and the part that undoes it. */
export type AppliedPart = Part & { order: PlannedChange['order']; seen: number; undo: Part };

/** The parts of an applied project, none of them looked for yet. */
export function appliedParts(task: Pick<Task, 'id'>, steps: readonly PlannedChange[]): AppliedPart[] {
  return steps.map(({ release, after, order, seen }, at) => ({
    id: partId(task, at),
    release,
    after,
    task: null,
    order,
    seen,
    undo: { id: partId(task, steps.length + at), release, after: [], task: null },
  }));
}

/** How far one step got. */
export type StepReport = {
  release: string;
  action: 'install' | 'upgrade' | 'remove';
  state: 'cancelled' | 'done' | 'failed' | 'left' | 'notBegun' | 'running' | 'undone';
  task?: string;
  revision?: number;
  error?: { code: string; message: string };
};

/** What is done, running and not begun. `left`: it was to be undone, and could not be; `error` is why. */
export function reportSteps(parts: readonly AppliedPart[]): StepReport[] {
  return parts.map(({ release, order, task, undo }): StepReport => {
    const action = order.kind === 'delete' ? 'remove' : order.kind;
    if (task === null) {
      return { release, action, state: 'notBegun' };
    }
    const error = undo.task?.error ?? task.error;
    return {
      release,
      action,
      state: stateOf(task, undo.task),
      task: task.id,
      ...(task.revision !== undefined && { revision: task.revision }),
      ...(error !== undefined && { error: { code: error.code, message: cutName(error.message) } }),
    };
  });
}

const ENDS = {
  queued: 'running',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<TaskState, StepReport['state']>;

function stateOf({ state }: Task, undo: Task | null): StepReport['state'] {
  if (undo === null) {
    return ENDS[state];
  }
  return undo.state === 'succeeded' ? 'undone' : isFinished(undo) ? 'left' : 'running';
}
