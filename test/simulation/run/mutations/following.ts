import type { Mutation } from '../mutation.ts';

/** Faults of automatic changes. */
export const FOLLOWING: readonly Mutation[] = [
  {
    fault: 'a rollout is judged by a view that lags',
    patch: {
      file: 'server/reconcilers/releases/rollout-watch.ts',
      from: "if (seen.is === 'going') {",
      to: "if (seen.is !== 'done' || objects.length > 0) {",
    },
  },
  {
    fault: 'who leads next does not look for dependents',
    patch: {
      file: 'server/reconcilers/dependencies/output-propagation.ts',
      from: 'index.dependents().forEach(enqueue);',
      to: '',
    },
  },
  {
    fault: 'a change of outputs is dropped while a task of the dependent runs',
    patch: {
      file: 'server/domain/dependencies/propagation-plan.ts',
      from: "    return waiting('a task of the release is under way', true);",
      to: "    return { do: 'nothing' };",
    },
  },
  {
    fault: 'a change of outputs is dropped while the dependent is paused',
    patch: {
      file: 'server/domain/dependencies/propagation-plan.ts',
      from: "    return waiting('the release is paused', false);",
      to: "    return { do: 'nothing' };",
    },
  },
  {
    fault: 'the end of a task wakes no dependents',
    patch: {
      file: 'server/reconcilers/dependencies/output-propagation.ts',
      from: '      waiting.filter((one) => reasons.has(one)).forEach(enqueue);\n      wakeDependents(key);\n    }\n  }\n\n  function onLead',
      to: '      void waiting;\n    }\n  }\n\n  function onLead',
    },
  },
  {
    fault: 'an upgrade that follows is given up when it fails once',
    patch: {
      file: 'server/reconcilers/dependencies/propagation-attempts.ts',
      from: '      if (former?.terminal === true) {',
      to: '      if (former !== undefined) {',
    },
  },
  {
    fault: 'a failed rollout is forgotten by who leads next',
    patch: {
      file: 'server/reconcilers/releases/rollout-watch.ts',
      from: '    if (!leadership.isLeader()) {\n      return { requeueAfterMs: RECHECK_MS };',
      to: '    if (!leadership.isLeader()) {\n      return undefined;',
    },
  },
  {
    fault: 'an answer to a failed rollout that was given up is not requested again',
    patch: {
      file: 'server/services/releases/accept/handle-failed-rollout.ts',
      from: 'count >= MAX_TASKS || !(isGivenUp(error) || (await isAllowedNow(error, caller)))',
      to: 'count >= 1',
    },
  },
  {
    fault: 'an answer to a failed rollout does not say which revision it is for',
    patch: {
      file: 'server/services/releases/accept/handle-failed-rollout.ts',
      from: '      expectedRevision: revision,\n',
      to: '',
    },
  },
  {
    fault: 'a rollout that goes on counts as done',
    patch: {
      file: 'server/reconcilers/releases/rollout-watch.ts',
      from: "      case 'going':\n        return",
      to: "      case 'going':\n        await marks.markDone(key, record.revision);\n        return",
    },
  },
];
