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
import type { Sealing } from '../../../ports/helm/helm-changes.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { PlacedJob } from '../../jobs/placed-job.ts';
import type { ChangeToCarryOut } from './run-change.ts';

export type RewriteReleaseDeps = {
  engine: Pick<HelmWriter, 'rewriteRelease'>;
  hideRecorded: PlacedJob<RecordedContent, HiddenContent>;
  operationTime: OperationTime;
  /** Revisions that Helm keeps, 0 for all. */
  maxHistory: number;
};

/** A revision that renders nothing (decision 2): why it is written, and what it changes. */
export type Rewrite = {
  /** What was done; recorded with the revision. */
  cause: RewriteCause;
  /** Why Walm did it by itself. */
  reason?: string;
  /** What changes in Walm's facts; null: the release is none of Walm's any longer. */
  facts: Omit<Rewriting, 'taskId' | 'cause' | 'caller' | 'warnings'> | null;
  /** What changes in the objects. */
  transform?: TransformDocuments;
  /** Helm's release labels; absent: they stay. */
  labels?: Record<string, string>;
  /** What this change warns of, beside what the request did. */
  warnings?: readonly Warning[];
  /** Leave fields that others own to them, with a FIELD_CONFLICT, instead of taking them over (decision 32). */
  yieldConflicts?: boolean;
};

/**
 * Writes the next revision of a release out of its recorded documents: nothing that the chart generates changes, and
 * Helm's hooks do not run. Fields that others own are taken over (decision 32) unless `yieldConflicts`.
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
 * Whoever pauses, recovers or labels a release does not make it what it is: the chart is still somebody else's, and acts
 * with the rights of that person when Walm renders it by itself. What carries no seal is the caller's from now on.
 */
function makerOf({ seal }: HelmRelease): Pick<Sealing, 'by' | 'since'> {
  return seal.sealed ? { by: seal.by, since: seal.at } : {};
}
