import { EIGHT_RESTARTS, KINDS, withLoad } from '../emphasis.ts';
import type { Mutation } from '../mutation.ts';

/** Faults of the lease and the lead. */
export const LEADING: readonly Mutation[] = [
  {
    fault: 'a lease is claimed before it has been seen for its whole time',
    patch: {
      file: 'server/adapters/kube/storage/lease-claim.ts',
      from: 'now >= lease.seenAt + lease.durationMs',
      to: 'now >= lease.seenAt + lease.durationMs / 3',
    },
  },
  {
    fault: 'a lease is claimed by what its holder says of the time',
    under: KINDS.usual,
    patch: {
      file: 'server/adapters/kube/storage/lease-claim.ts',
      from: 'seenAt: unchanged ? before.seenAt : now',
      to: 'seenAt: 0 * now',
    },
  },
  {
    fault: 'the engine is not told that a term goes on',
    under: KINDS.usual,
    patch: {
      file: 'server/composition/ports.ts',
      from: 'leadership.onRenewed((term) => measured.renewTerm(term));',
      to: '',
    },
  },
  {
    fault: 'tasks go on when the lead is lost',
    covered:
      'Every write asks for the term when it is sent (server/composition/wrappers/gate.ts), and the engine ends an operation ' +
      'of an earlier term (engine/client/lead.go): what goes on only reads. Found by task-runner.test.ts (a lost lead cancels ' +
      'what runs).',
    patch: {
      file: 'server/reconcilers/tasks/task-runner.ts',
      from: "cancelAll(new Error('the lead was lost'));",
      to: '',
    },
  },
  {
    fault: 'a restart needs no lead',
    under: withLoad(KINDS.frozenLeaders, ...EIGHT_RESTARTS),
    patch: {
      file: 'server/composition/wrappers/writes.ts',
      from: '{ roll: DEED,',
      to: "{ roll: { ...DEED, replica: 'any' },",
    },
  },
  {
    fault: 'a lease is believed to last longer than it does',
    patch: {
      file: 'server/adapters/kube/storage/lease-leadership.ts',
      from: 'const giveUpMs = (leaseMs * 2) / 3;',
      to: 'const giveUpMs = leaseMs * 2;',
    },
  },
  {
    fault: 'a replica that led once believes that it still leads',
    patch: {
      file: 'server/adapters/kube/storage/lease-leadership.ts',
      from: 'leading && clock.now() - renewedAt < giveUpMs',
      to: 'leading',
    },
  },
  {
    fault: 'a lease counts from the answer to its renewal',
    patch: {
      file: 'server/adapters/kube/storage/lease-leadership.ts',
      from: 'renewedAt = startedAt;',
      to: 'renewedAt = clock.now();',
    },
  },
  {
    fault: 'a lease is written whatever stands there',
    patch: {
      file: 'server/adapters/kube/storage/lease-leadership.ts',
      from: '...(found && { resourceVersion: found.metadata.resourceVersion }),',
      to: '',
    },
  },
  {
    fault: 'terms that follow each other have one number',
    covered:
      'What was begun in a term is cancelled with it (server/reconcilers/tasks/task-runner.ts) before the next term is told of. ' +
      'Found by lease-leadership.kube.test.ts (begins another term); what the number is for by engine/client/lead_test.go.',
    patch: {
      file: 'server/adapters/kube/storage/lease-leadership.ts',
      from: 'number += now ? 1 : 0;',
      to: 'number ||= now ? 1 : 0;',
    },
  },
  {
    fault: 'upgrades need no lead',
    patch: {
      file: 'server/composition/wrappers/writes.ts',
      from: "upgrade: { ...CHANGE, seal: 'upgrade' },",
      to: "upgrade: { ...CHANGE, replica: 'any', seal: 'upgrade' },",
    },
  },
  {
    fault: 'a revision is settled without a lead',
    patch: {
      file: 'server/composition/wrappers/writes.ts',
      from: '    settle: CHANGE,',
      to: "    settle: { ...CHANGE, replica: 'any' },",
    },
  },
  {
    fault: 'an uninstall needs no lead',
    patch: {
      file: 'server/composition/wrappers/writes.ts',
      from: '    uninstall: CHANGE,',
      to: "    uninstall: { ...CHANGE, replica: 'any' },",
    },
  },
  {
    fault: 'what was begun in an earlier lead is carried on as if nothing was',
    patch: {
      file: 'server/reconcilers/tasks/task-runner.ts',
      from: '    started.clear();\n',
      to: '',
    },
  },
  {
    fault: 'tasks are begun without a lead',
    patch: {
      file: 'server/reconcilers/tasks/task-runner.ts',
      from: 'const mayTake = () => taking && leadership.isLeader();',
      to: 'const mayTake = () => taking;',
    },
  },
];
