import { EIGHT_LIVES, KINDS, withLoad } from '../emphasis.ts';
import type { Mutation } from '../mutation.ts';

/** Faults of Helm's records and objects, in the model of the engine. */
export const RECORDS: readonly Mutation[] = [
  {
    fault: 'a record is written whatever stands there',
    under: withLoad(KINDS.frozenMachines, ...EIGHT_LIVES),
    patch: {
      file: 'test/simulation/record-secrets.ts',
      from: 'const metadata = { ...secret.metadata, resourceVersion, uid };',
      to: 'const metadata = secret.metadata; void [resourceVersion, uid];',
    },
  },
  {
    fault: 'the revision that is applied is pruned',
    patch: {
      file: 'test/simulation/engine-operations.ts',
      from: "status !== 'deployed' && ![applied?.revision, base].includes(revision)",
      to: "status !== 'deployed' && (![applied?.revision, base].includes(revision) || revision > 0)",
    },
  },
  {
    fault: 'an object of another release is taken',
    under: withLoad(KINDS.usual, 'sharers'),
    patch: {
      file: 'test/simulation/engine-operations.ts',
      from: '      refuseTaken(document, live, { namespace, name });\n',
      to: '',
    },
  },
  {
    fault: 'a revision of which the cluster went away says that it failed by itself',
    patch: {
      file: 'test/simulation/engine-operations.ts',
      from: "isUnsure(failure) ? 'interrupted: ' : ''",
      to: "''",
    },
  },
  {
    fault: 'an engine writes in whatever term',
    patch: {
      file: 'test/simulation/simulated-engine.ts',
      from: "      if (refused) throw problem('CLUSTER_UNREACHABLE', 'this replica does not lead any longer');\n      if (leaseHolder",
      to: '      if (leaseHolder',
    },
  },
  {
    fault: 'by a deployed revision, the earlier ones that still say so of themselves stay',
    patch: {
      file: 'test/simulation/engine-operations.ts',
      from: 'await supersede(history.filter((one) => one.revision < revision && isDeployed(one.status)));',
      to: 'await supersede(history.filter((one) => one.revision < 0));',
    },
  },
  {
    fault: 'the revision that a rollback goes back to is pruned before its record is written',
    patch: {
      file: 'test/simulation/engine-operations.ts',
      from: '[applied?.revision, base].includes',
      to: '[applied?.revision].includes',
    },
  },
  {
    fault: 'a record that arrives after the end of its task locks the release',
    patch: {
      file: 'server/domain/change/seen-release.ts',
      from: 'return isPending(status) && task.revision === revision && writerOf(ownConfig) === task.id;',
      to: "return isPending(status) && task.revision === revision && writerOf(ownConfig) === '';",
    },
  },
];
