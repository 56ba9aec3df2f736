import { KINDS, withLoad } from '../emphasis.ts';
import type { Mutation } from '../mutation.ts';

/** Faults of how a change continues after an interruption. */
export const CHANGES: readonly Mutation[] = [
  {
    fault: 'a change does not know its own revision again',
    under: withLoad(KINDS.kills, 'life', 'life'),
    patch: {
      file: 'server/domain/change/change-plan.ts',
      from: 'const own = ownRevision(task, seen);',
      to: 'const own = undefined as ReturnType<typeof ownRevision>;',
    },
  },
  {
    fault: 'an interrupted delete is not known again',
    patch: {
      file: 'server/domain/change/delete-plan.ts',
      from: 'isUninstalling(status) && revision === startedFrom',
      to: 'isUninstalling(status) && revision === -1 && startedFrom === -1',
    },
  },
  {
    fault: 'an interrupted revision counts as failed',
    under: withLoad(KINDS.kills, 'life', 'life'),
    patch: {
      file: 'server/domain/revisions/interruption.ts',
      from: 'return description === CANCELLED || description.startsWith(CUT_OFF);',
      to: 'return description === CANCELLED;',
    },
  },
  {
    fault: 'what the caller expects is not looked at again when the turn comes',
    patch: {
      file: 'server/domain/change/change-plan.ts',
      from: '!isAtRevision(seen.history, expectedRevision)',
      to: "!isAtRevision(seen.history, expectedRevision) && task.id === ''",
    },
  },
  {
    fault: 'a failed attempt counts as what runs',
    patch: {
      file: 'server/domain/revisions/applied-revision.ts',
      from: 'present.find(({ status }) => !isSuperseded(status) && !isAttempt(status)) ??',
      to: '',
    },
  },
  {
    fault: 'an install that came true late is cleared away',
    patch: {
      file: 'server/services/releases/execute/clean-failed-install.ts',
      from: '    if (hasComeTrue(task, seen)) {\n      return null;\n    }',
      to: '',
    },
  },
  {
    fault: 'a change expects the revision that it has made itself not to be there',
    patch: {
      file: 'server/domain/change/change-plan.ts',
      from: 'own !== newest && expectedRevision',
      to: 'expectedRevision',
    },
  },
  {
    fault: 'an upgrade does not say which revision it expects',
    patch: {
      file: 'server/services/releases/execute/run-upgrade.ts',
      from: '          expectedRevision: revision - 1,\n',
      to: '',
    },
  },
  {
    fault: 'a rewrite does not say which revision it expects',
    patch: {
      file: 'server/services/releases/execute/rewrite-release.ts',
      from: '        expectedRevision: revision - 1,\n',
      to: '',
    },
  },
  {
    fault: 'a revision that others followed does not count as done',
    patch: {
      file: 'server/domain/change/change-plan.ts',
      from: 'isNewest ? isDeployed(status) : wasApplied(own)',
      to: 'isDeployed(status)',
    },
  },
  {
    fault: 'what a revision replaced is not superseded after a kill',
    patch: {
      file: 'server/domain/change/change-plan.ts',
      from: "isNewest && hasUnsuperseded(history) ? 'supersede' : 'finish'",
      to: "'finish'",
    },
  },
  {
    fault: 'a record that could not be settled counts as settled',
    patch: {
      file: 'server/services/releases/execute/settle-revision.ts',
      from: '      return false;',
      to: '      return true;',
    },
  },
  {
    fault: 'of installs that want the same all give up',
    patch: {
      file: 'server/domain/tasks/install-race.ts',
      from: 'compareArrival(task, other) < 0',
      to: 'compareArrival(task, other) === 7',
    },
  },
  {
    fault: 'a rollback without a number is counted again after a kill',
    patch: {
      file: 'server/services/releases/execute/run-rollback.ts',
      from: 'await run.save({ order: { ...order, revision } });',
      to: '',
    },
  },
  {
    fault: 'a restart is done by what a stale view says',
    patch: {
      file: 'server/domain/workloads/restart-plan.ts',
      from: 'plan.roll.push(refOf(workload));',
      to: 'plan.roll.push(...[refOf(workload)].slice(nowMs % 2));',
    },
  },
];
