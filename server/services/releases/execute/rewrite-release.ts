import type { Warning } from '../../../../contract/schemas/warning.ts';
import { causeOf } from '../../../domain/access/cause.ts';
import { convertedThen } from '../../../domain/api-upgrade/convert-transform.ts';
import type { TransformDocuments } from '../../../domain/kube/manifest-document.ts';
import {
  contentToHide,
  operationOf,
  type RewriteCause,
  rewrittenConfig,
  type Rewriting,
} from '../../../domain/change/rewritten-config.ts';
import type { HiddenContent, RecordedContent } from '../../../domain/masking/hide-recorded.ts';
import type { TaskOrder } from '../../../domain/tasks/task.ts';
import type { OperationTime } from '../../../domain/tasks/operation-time.ts';
import type { RewriteSealing } from '../../../ports/helm/helm-changes.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import { judgedOf } from '../../automation/judge-revisions.ts';
import type { PlacedJob } from '../../jobs/placed-job.ts';
import type { ChangeToCarryOut } from './run-change.ts';

export type RewriteReleaseDeps = {
  engine: Pick<HelmWriter, 'rewriteRelease'>;
  hideRecorded: PlacedJob<RecordedContent, HiddenContent>;
  operationTime: OperationTime;
  /** Maximum revisions kept by Helm, 0 for all. */
  maxHistory: number;
};

/**
 * A revision written without rendering (decision 2: rewrites do not render): why it is written, and what it changes.
 */
export type Rewrite = {
  /** The operation; recorded with the revision. */
  cause: RewriteCause;
  /** Why Walm made the change automatically. */
  reason?: string;
  /** Changes of Walm's facts; null: the release is no longer managed by Walm. */
  facts: Omit<Rewriting, 'taskId' | 'cause' | 'caller' | 'warnings'> | null;
  /** Changes of the objects. */
  transform?: TransformDocuments;
  /** Helm's release labels; absent: unchanged. */
  labels?: Record<string, string>;
  /** Warnings of this change, in addition to those of the request. */
  warnings?: readonly Warning[];
  /**
   * Fail with FIELD_CONFLICT on fields that other managers own, instead of taking them over (decision 32: field
   * conflicts).
   */
  yieldConflicts?: boolean;
};

/**
 * Writes the next revision of a release from its recorded documents: generated values stay the same, and hooks do not
 * run. Fields that other managers own are taken over (decision 32: field conflicts) unless `yieldConflicts`.
 * @throws ProblemError what the engine throws, API_NOT_CONVERTIBLE
 */
export type RewriteRelease = (input: ChangeToCarryOut<TaskOrder>, rewrite: Rewrite) => Promise<HelmRelease>;

export function createRewriteRelease({
  engine,
  hideRecorded,
  operationTime,
  maxHistory,
}: RewriteReleaseDeps): RewriteRelease {
  return async function rewriteRelease(
    { task, current, written, revision, judged, run, call },
    { cause, reason, facts, transform, labels, warnings = [], yieldConflicts = false },
  ) {
    const caller = task.caller?.user ?? null;
    const config = { taskId: task.id, caller, warnings: [...task.warnings, ...warnings], ...facts };
    const description = causeOf(reason === undefined ? cause : `${cause}: ${reason}`, task.caller);
    const hidden = facts && (await hideRecorded(contentToHide(current, written), caller ?? ''));
    return engine.rewriteRelease(
      {
        identity: task.caller,
        namespace: task.namespace,
        name: task.release,
        ...(judged && { judged }),
        releaseConfig: hidden && rewrittenConfig(current, written, { ...config, cause: description }, hidden),
        description,
        timeoutMs: operationTime(task),
        maxHistory: written === null ? 0 : maxHistory,
        base: current.revision,
        expectedRevision: revision - 1,
        forceConflicts: !yieldConflicts,
        ...(labels && { labels }),
        hooks: 'none',
        sealing: { operation: operationOf(cause), ...task.unattended, ...makerOf(current) },
        transform: {
          run: convertedThen(transform ?? null),
          always: transform !== undefined,
        },
      },
      { ...call, onProgress: run.report },
    );
  };
}

/**
 * A caller who pauses, recovers or labels a release does not become its maker: the chart still belongs to the user who
 * applied it, and automatic rendering uses the rights of that user. The engine compares the base with what was
 * judged, so that no caller's rights are lent to a record that was exchanged meanwhile. A release without a valid seal
 * belongs to the caller from now on.
 */
function makerOf(base: HelmRelease): RewriteSealing {
  const { seal } = base;
  return seal.sealed ? { keeps: { by: seal.by, base: judgedOf(base) }, since: seal.at } : {};
}
