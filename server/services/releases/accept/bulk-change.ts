import type { BulkChangeKind, BulkItem, BulkResult } from '../../../../contract/operations/bulk-operations.ts';
import type { RestartMode } from '../../../../contract/schemas/restart-mode.ts';
import { releaseCan } from '../../../../contract/release-can.ts';
import { judgedRelease } from '../../../domain/answers/judged-release.ts';
import { problem, ProblemError } from '../../../domain/errors/problem-error.ts';
import { refusalOf, releaseNotFound } from '../../../domain/errors/release-problems.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { Authorization } from '../../access/authorization.ts';
import type { RefuseDependents } from '../../dependencies/refuse-dependents.ts';
import type {
  ApplyInput,
  ChangeInput,
  DeleteInput,
  MutationOptions,
  MutationOutcome,
} from '../../tasks/release-mutation.ts';
import type { RestartInput } from './restart-release.ts';
import { type ChosenRelease, type ReleaseChoice, selectReleases } from './select-releases.ts';

type Accept<Input> = (input: Input, signal: AbortSignal) => Promise<MutationOutcome>;

export type BulkChangeDeps = {
  cache: Pick<ReleaseCache, 'get' | 'list'>;
  authorization: Pick<Authorization, 'demandRelease'>;
  refuseDependents: RefuseDependents;
  adoptRelease: Accept<ChangeInput>;
  pauseRelease: Accept<ChangeInput>;
  recoverRelease: Accept<ChangeInput>;
  restartRelease: Accept<RestartInput>;
  deleteRelease: Accept<DeleteInput>;
  upgradeRelease: Accept<ApplyInput>;
};

/** Which operation on which releases. */
export interface BulkInput extends ReleaseChoice {
  readonly action: BulkChangeKind;
  /** For an upgrade: the version of the chart that each has. */
  readonly chartVersion?: string;
  readonly dryrun: boolean;
  readonly mode: RestartMode;
  readonly deletePvcs: boolean;
  readonly force: boolean;
  readonly options: MutationOptions;
}

/**
 * Changes all releases that are chosen, in parallel; the result of each is reported separately. Throws
 * QUERY_INVALID and TOO_MANY_RELEASES before anything is changed, and RELEASE_HAS_DEPENDENTS for a delete that leaves a
 * dependent behind.
 */
export type BulkChange = (input: BulkInput, signal: AbortSignal) => Promise<BulkResult>;

export function createBulkChange(deps: BulkChangeDeps): BulkChange {
  return async function bulkChange(input, signal) {
    const { action, dryrun } = input;
    refuseForeign(input);
    const chosen = await selectReleases(deps.cache, input);
    // Nothing is said about the others.
    const admitted = (await Promise.all(chosen.map((one) => isAdmitted(one, input)))).flatMap((is, at) =>
      is ? (chosen[at]?.record ?? []) : [],
    );
    if (action === 'upgrade') {
      refuseMixed(admitted);
    }
    if (action === 'delete' && !input.force) {
      await deps.refuseDependents(
        admitted.map(({ key }) => key),
        input.options.caller,
      );
    }
    const items = await Promise.all(chosen.map((one) => change(one, input, signal)));
    const failed = items.filter(({ outcome }) => outcome === 'failed').length;
    return { action, dryrun, num: items.length, failed, items };
  };

  function demand({ key }: ChosenRelease, { action, options }: BulkInput): Promise<void> {
    return deps.authorization.demandRelease(options.caller, action === 'delete' ? 'delete' : 'update', key);
  }

  async function isAdmitted(chosen: ChosenRelease, input: BulkInput): Promise<boolean> {
    try {
      await demand(chosen, input);
      return true;
    } catch (error) {
      if (error instanceof ProblemError) return false;
      throw error;
    }
  }

  async function change(chosen: ChosenRelease, input: BulkInput, signal: AbortSignal): Promise<BulkItem> {
    const { namespace, name, record } = chosen;
    try {
      await demand(chosen, input);
      if (record === undefined) {
        throw releaseNotFound(namespace, name);
      }
      if (input.dryrun) {
        return preview(input, record);
      }
      const { task, finished, warnings, notPaused } = await accept(record, input, signal);
      const outcome = task === null ? 'unchanged' : finished ? 'done' : 'accepted';
      return {
        namespace,
        name,
        outcome,
        ...(task && { task }),
        warnings: [...warnings],
        ...(finished && notPaused && { notPaused: [...notPaused] }),
      };
    } catch (error) {
      if (!(error instanceof ProblemError) || signal.aborted) {
        throw error;
      }
      const { code, message, details } = error;
      return { namespace, name, outcome: 'failed', error: { code, message, details: { ...details } }, warnings: [] };
    }
  }

  function accept({ namespace, name }: ReleaseRecord, input: BulkInput, signal: AbortSignal): Promise<MutationOutcome> {
    const { action, chartVersion = '', mode, deletePvcs, options } = input;
    const { idempotencyKey } = options;
    const own = idempotencyKey === undefined ? options : { ...options, idempotencyKey: `${idempotencyKey} ${name}` };
    const target = { namespace, release: name, options: own };
    switch (action) {
      case 'adopt':
        return deps.adoptRelease(target, signal);
      case 'pause':
        return deps.pauseRelease(target, signal);
      case 'recover':
        return deps.recoverRelease(target, signal);
      case 'restart':
        return deps.restartRelease({ ...target, mode }, signal);
      case 'delete':
        // Dependents have been checked for all releases together.
        return deps.deleteRelease({ ...target, deletePvcs, ignoreNotFound: true, force: true }, signal);
      case 'upgrade':
        return deps.upgradeRelease(
          {
            namespace,
            request: { name, chartVersion },
            createNamespace: false,
            crds: 'create',
            waitReady: false,
            allowMissing: false,
            options: own,
          },
          signal,
        );
      default:
        return action satisfies never;
    }
  }
}

/**
 * A version says nothing of two charts.
 * @throws ProblemError QUERY_INVALID
 */
function refuseMixed(records: readonly ReleaseRecord[]): void {
  const [first, other] = new Set(records.map(({ chartName }) => chartName));
  if (first !== undefined && other !== undefined) {
    throw problem(
      'QUERY_INVALID',
      `the releases are of several charts, ${first} and ${other}: name those of one chart`,
      {
        parameter: 'chartVersion',
      },
    );
  }
}

/**
 * Refuses parameters that have no meaning for the action.
 * @throws ProblemError QUERY_INVALID
 */
function refuseForeign({ action, deletePvcs, mode }: BulkInput): void {
  const foreign =
    deletePvcs && action !== 'delete' ? 'deletePvcs' : mode !== 'auto' && action !== 'restart' ? 'mode' : undefined;
  if (foreign !== undefined) {
    throw problem('QUERY_INVALID', `${foreign} is not a parameter of the action ${action}`, { parameter: foreign });
  }
}

/** @throws ProblemError what `releaseCan` refuses the action with */
function preview({ action, chartVersion }: BulkInput, record: ReleaseRecord): BulkItem {
  const { namespace, name } = record;
  const judged = judgedRelease(record);
  const refusal = refusalOf(judged, action);
  if (refusal !== null) {
    throw refusal;
  }
  const isThere = action === 'upgrade' && record.chartVersion === chartVersion;
  const isSo = isThere || releaseCan(judged, action).can === 'nothing';
  return { namespace, name, outcome: isSo ? 'unchanged' : 'planned', warnings: [] };
}
