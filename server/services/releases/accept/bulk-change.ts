import type { BulkAction, BulkItem, BulkResult } from '../../../../contract/operations/bulk-operations.ts';
import type { RestartMode } from '../../../../contract/schemas/restart-mode.ts';
import { releaseCan } from '../../../../contract/release-can.ts';
import { judgedRelease } from '../../../domain/answers/judged-release.ts';
import { problem, ProblemError } from '../../../domain/errors/problem-error.ts';
import { refusalOf } from '../../../domain/errors/release-problems.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { Authorization } from '../../access/authorization.ts';
import { onlySeen, type VisibleNamespaces } from '../../access/visible-namespaces.ts';
import type { RefuseDependents } from '../../dependencies/refuse-dependents.ts';
import { shownLabels } from '../../../domain/masking/shown-release.ts';
import { readSelector } from '../query/read-selector.ts';
import type { ChangeInput, DeleteInput, MutationOptions, MutationOutcome } from '../../tasks/release-mutation.ts';
import type { RestartInput } from './restart-release.ts';

type Accept<Input> = (input: Input, signal: AbortSignal) => Promise<MutationOutcome>;

export type BulkChangeDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  authorization: Pick<Authorization, 'demandRelease'>;
  refuseDependents: RefuseDependents;
  adoptRelease: Accept<ChangeInput>;
  pauseRelease: Accept<ChangeInput>;
  recoverRelease: Accept<ChangeInput>;
  restartRelease: Accept<RestartInput>;
  deleteRelease: Accept<DeleteInput>;
};

/** Which operation on which releases. */
export interface BulkInput {
  readonly action: BulkAction;
  /** Undefined means all namespaces. */
  readonly namespace: string | undefined;
  /** Kubernetes label selector. */
  readonly selector: string;
  /** Maximum number of matching releases. */
  readonly limit: number;
  readonly dryrun: boolean;
  readonly mode: RestartMode;
  readonly deletePvcs: boolean;
  readonly force: boolean;
  readonly options: MutationOptions;
  /** Namespaces in which the selector is evaluated; access to every release is checked in addition. */
  readonly visible: VisibleNamespaces | null;
}

/**
 * Changes all releases that a selector matches, in parallel; the result of each is reported separately. Throws
 * QUERY_INVALID and TOO_MANY_RELEASES before anything is changed, and RELEASE_HAS_DEPENDENTS for a delete that leaves a
 * dependent behind.
 */
export type BulkChange = (input: BulkInput, signal: AbortSignal) => Promise<BulkResult>;

export function createBulkChange(deps: BulkChangeDeps): BulkChange {
  return async function bulkChange(input, signal) {
    const { action, namespace, limit, dryrun } = input;
    refuseForeign(input);
    const matches = readSelector(input.selector);
    if (matches === undefined) {
      throw problem('QUERY_INVALID', 'labelselector is empty: name the releases', { parameter: 'labelselector' });
    }
    const matching = (await deps.cache.list(namespace)).filter(({ facts, masker }) =>
      matches(shownLabels(facts?.labels ?? {}, masker)),
    );
    const records = await onlySeen(input.visible, matching);
    if (records.length > limit) {
      const message = `${records.length} releases match, and at most ${limit} may be changed`;
      throw problem('TOO_MANY_RELEASES', message, { num: records.length, limit });
    }
    if (action === 'delete' && !input.force) {
      await deps.refuseDependents(
        records.map(({ key }) => key),
        input.options.caller,
      );
    }
    const items = await Promise.all(records.map((record) => change(record, input, signal)));
    const failed = items.filter(({ outcome }) => outcome === 'failed').length;
    return { action, dryrun, num: items.length, failed, items };
  };

  async function change(record: ReleaseRecord, input: BulkInput, signal: AbortSignal): Promise<BulkItem> {
    const { namespace, name } = record;
    try {
      await deps.authorization.demandRelease(
        input.options.caller,
        input.action === 'delete' ? 'delete' : 'update',
        record.key,
      );
      if (input.dryrun) {
        return preview(input.action, record);
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
    const { action, mode, deletePvcs, options } = input;
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
      default:
        return action satisfies never;
    }
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
function preview(action: BulkAction, record: ReleaseRecord): BulkItem {
  const { namespace, name } = record;
  const judged = judgedRelease(record);
  const refusal = refusalOf(judged, action);
  if (refusal !== null) {
    throw refusal;
  }
  const isSo = releaseCan(judged, action).can === 'nothing';
  return { namespace, name, outcome: isSo ? 'unchanged' : 'planned', warnings: [] };
}
