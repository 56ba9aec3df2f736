import { KINDS, withLoad } from '../emphasis.ts';
import type { Mutation } from '../mutation.ts';

/** Faults of projects and of stored chart archives. */
export const PROJECTS: readonly Mutation[] = [
  {
    fault: 'the releases of a project are begun at once',
    under: withLoad(KINDS.usual, 'project'),
    patch: {
      file: 'server/domain/projects/project-plan.ts',
      from: 'state === null && after.every((name) => done.has(name))',
      to: 'state === null && after.every((name) => done.has(name) || true)',
    },
  },
  {
    fault: 'what is to be deleted is what the cache shows',
    patch: {
      file: 'server/composition/releases/executors.ts',
      from: 'createRunProject({ current: revisions.current,',
      to: 'createRunProject({ current: cache,',
    },
  },
  {
    fault: 'what is to be deleted is found again after a kill',
    patch: {
      file: 'server/services/projects/run-project.ts',
      from: '      await run.save({ order: { ...order, removals } });\n',
      to: '',
    },
  },
  {
    fault: 'a part of a project is made again after a kill',
    patch: {
      file: 'server/domain/tasks/task.ts',
      from: '  return `${id}-${index + 1}`;',
      to: '  partId.count = (partId.count ?? 0) + 1;\n  return `${id}-${index + partId.count}`;',
    },
  },
  {
    fault: 'a cancelled project leaves its parts running',
    under: withLoad(KINDS.usual, 'project', 'project'),
    patch: {
      file: 'server/services/projects/cancel-project.ts',
      from: 'await Promise.allSettled(parts.map((id) => cancelTask(id, task.caller, late.signal)));',
      to: 'await Promise.allSettled(parts.map((id) => Promise.resolve(id)));',
    },
  },
  {
    fault: 'an archive is not kept before a task is queued',
    patch: {
      file: 'server/services/tasks/submit-task.ts',
      from: '      await keptOrCancelled(keeping, reserved);\n',
      to: '',
    },
  },
  {
    fault: 'an archive is dropped that other releases need',
    patch: {
      file: 'server/services/charts/collect-archives.ts',
      from: '!wanted && !(await archives.isReferenced(namespace, digest, by.as))',
      to: '!wanted',
    },
  },
  {
    fault: 'an archive is removed whoever has used it meanwhile',
    under: withLoad(KINDS.usual, 'comings', 'comings', 'comings', 'comings'),
    patch: {
      file: 'server/adapters/kube/storage/chart-archives.ts',
      from: 'const preconditions = { uid, resourceVersion };',
      to: 'const preconditions = {}; await list(namespace, { limit: 1 }, as, () => [uid, resourceVersion]);',
    },
  },
  {
    fault: 'a part that is given up is looked at forever',
    patch: {
      file: 'server/services/projects/project-steps.ts',
      from: 'return new FinalProblem(isProblemCode(code)',
      to: 'return new (Object.getPrototypeOf(FinalProblem) as typeof FinalProblem)(isProblemCode(code)',
    },
  },
  {
    fault: 'a part that was begun a moment ago goes on after its project was cancelled',
    patch: {
      file: 'server/services/projects/cancel-project.ts',
      from: 'const parts = partsOf(task);',
      to: 'const parts = partsOf(task).slice(0, 0);',
    },
  },
  {
    fault: 'a part that could not be asked to stop goes on',
    patch: {
      file: 'server/services/projects/cancel-project.ts',
      from: "if (unasked?.status === 'rejected') {",
      to: "if (unasked?.status === 'rejected' && task.id === '') {",
    },
  },
];
