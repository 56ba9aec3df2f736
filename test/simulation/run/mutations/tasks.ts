import { KINDS } from '../emphasis.ts';
import type { Mutation } from '../mutation.ts';

/** Faults of accepted tasks: durable, carried out once, one of a release at a time. */
export const TASKS: readonly Mutation[] = [
  {
    fault: 'two tasks of a release run at once',
    under: KINDS.usual,
    patch: {
      file: 'server/reconcilers/tasks/task-runner.ts',
      from: 'new Set([...held.keys(), ...delays.keys()])',
      to: 'new Set(delays.keys())',
    },
  },
  {
    fault: 'a repeated request makes a second task',
    under: KINDS.usual,
    patch: {
      file: 'server/services/tasks/task-identity.ts',
      from: '  if (idempotencyKey === undefined) {',
      to: "  if (idempotencyKey !== '') {",
    },
  },
  {
    fault: 'a task is told to be cancelled before it is',
    under: KINDS.usual,
    patch: {
      file: 'server/services/tasks/cancel-task.ts',
      from: 'isFinished(asked.task)\n      ? asked.task\n      : await waitForTask(asked, DEFAULT_WAIT_SEC.release * 1000, signal)',
      to: "{ ...asked.task, state: 'cancelled' }",
    },
  },
  {
    fault: 'a task is written whatever stands there',
    under: KINDS.usual,
    patch: {
      file: 'server/adapters/kube/storage/task-store.ts',
      from: 'encodeTask(task, namespace, pass.seal, stored.version)',
      to: 'encodeTask(task, namespace, pass.seal)',
    },
  },
  {
    fault: 'a task fails where nobody knows what was done',
    under: KINDS.usual,
    patch: {
      file: 'server/reconcilers/tasks/task-runner.ts',
      from: 'UNCERTAIN.has(error.code) && !(error',
      to: "error.code === 'NONE' && !(error",
    },
  },
  {
    fault: 'a cancelled task leaves its release as it is',
    patch: {
      file: 'server/reconcilers/tasks/task-runner.ts',
      from: 'const details = await undoCancelled(task);',
      to: 'const details = {};',
    },
  },
  {
    fault: 'tasks are removed as soon as they have ended',
    patch: {
      file: 'server/reconcilers/tasks/housekeeping.ts',
      from: 'Date.parse(task.finishedAt ?? task.createdAt) < before',
      to: 'before < clock.now()',
    },
  },
  {
    fault: 'a change that came true is told as cancelled',
    patch: {
      file: 'server/services/releases/execute/undo-cancelled.ts',
      from: '    if (isDone(task, seen)) {\n      return null;\n    }\n',
      to: '',
    },
  },
  {
    fault: 'a release stays held where a task could not be written',
    patch: {
      file: 'server/services/tasks/submit-task.ts',
      from: '      reservation?.cancel();\n      throw created.reason;',
      to: '      throw created.reason;',
    },
  },
  {
    fault: 'a deletion does not note that it has begun',
    patch: {
      file: 'server/services/releases/execute/run-delete.ts',
      from: 'await run.save({ revision: history.at(-1)?.revision ?? 0, order: { ...planned.order, digests: planned.digests } });',
      to: '',
    },
  },
  {
    fault: 'a task is accepted before it is durable',
    patch: {
      file: 'server/services/tasks/submit-task.ts',
      from: '      reservation?.cancel();\n      throw created.reason;',
      to: '      reservation?.cancel();\n      return { task, version: 0 };',
    },
  },
  {
    fault: 'an end that could not be written stays announced',
    patch: {
      file: 'server/reconcilers/tasks/task-runner.ts',
      from: '        takeBack();\n',
      to: '',
    },
  },
  {
    fault: 'a task whose end could not be written is carried on without a look',
    patch: {
      file: 'server/reconcilers/tasks/task-runner.ts',
      from: '    started.delete(task.id);\n    if (!signal.aborted) {\n      delays.begin(taskKey(task), { recheckMs: RETRY.initialMs });',
      to: '    if (!signal.aborted) {\n      delays.begin(taskKey(task), { recheckMs: RETRY.initialMs });',
    },
  },
  {
    fault: 'a task that runs elsewhere is taken over without a write',
    patch: {
      file: 'server/reconcilers/tasks/task-runner.ts',
      from: 'fresh === undefined && !started.has(id)',
      to: "fresh === undefined && !started.has(id) && current.task.state !== 'running'",
    },
  },
  {
    fault: 'a release stays held after a repeated request',
    patch: {
      file: 'server/services/tasks/submit-task.ts',
      from: '      reservation?.cancel();\n      return repeated(task, await store.find(task.id));',
      to: '      return repeated(task, await store.find(task.id));',
    },
  },
  {
    fault: 'a task that is heard of late overtakes one that has begun',
    patch: {
      file: 'server/domain/tasks/task-queue.ts',
      from: 'head === undefined || holdsBefore(task, head.task)',
      to: 'head === undefined',
    },
  },
  {
    fault: 'a task is tried again without a pause',
    patch: {
      file: 'server/reconcilers/tasks/task-runner.ts',
      from: 'new Set([...held.keys(), ...delays.keys()])',
      to: 'new Set(held.keys())',
    },
  },
  {
    fault: 'a newer state of a task is written over',
    patch: {
      file: 'server/reconcilers/tasks/task-runner.ts',
      from: 'if (newer?.task.cancelRequest === undefined || isFinished(newer.task)) {',
      to: 'if (newer === null) {',
    },
  },
  {
    fault: 'what a watch tells late takes the place of what is newer',
    patch: {
      file: 'server/domain/indexes/task-index.ts',
      from: 'known !== undefined && known.version >= entry.version',
      to: 'known !== undefined && known.version === entry.version',
    },
  },
  {
    fault: 'a task is forgotten that a list began before',
    patch: {
      file: 'server/adapters/kube/storage/task-store.ts',
      from: '[...all.map((secret) => taskIdOf(secret.metadata.name)), ...unseen]',
      to: 'all.map((secret) => taskIdOf(secret.metadata.name))',
    },
  },
  {
    fault: 'a conflict of two writers ends a task',
    patch: {
      file: 'server/reconcilers/tasks/task-runner.ts',
      from: 'error instanceof TaskConflict || signal.aborted',
      to: 'signal.aborted',
    },
  },
  {
    fault: 'tasks of one list are begun before all are known',
    patch: {
      file: 'server/domain/indexes/task-view.ts',
      from: 'entries.filter(take).forEach(({ task }) => tell(task, false))',
      to: 'entries.forEach((entry) => take(entry) && tell(entry.task, false))',
    },
  },
];
