import { shareOf } from '../../../domain/access/sharer.ts';
import type { ChangePreview, ObjectFate } from '../../../../contract/operations/parts/change-preview.ts';
import type { ObjectRef } from '../../../../contract/schemas/warning.ts';
import { differObject } from '../../../domain/history/object-difference.ts';
import { pauseDocuments } from '../../../domain/workloads/pause-documents.ts';
import { pauseRules, planPause } from '../../../domain/workloads/pause-plan.ts';
import { pauseToJson, withPausePlugin } from '../../../domain/workloads/pause-state.ts';
import { contentToHide, rewrittenConfig } from '../../../domain/change/rewritten-config.ts';
import type { HiddenContent, RecordedContent } from '../../../domain/masking/hide-recorded.ts';
import { causeOf } from '../../../domain/access/cause.ts';
import { isOwnConfig } from '../../../domain/release/release-config.ts';
import { isPausedRevision } from '../../../domain/release/release-record.ts';
import { type Clock, timestamp } from '../../../ports/runtime/clock.ts';
import type { PlacedJob } from '../../jobs/placed-job.ts';
import type { FindManaged } from '../observe/find-managed.ts';
import type { ChangeInput } from '../../tasks/release-mutation.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import { targetOf } from '../../history/read-revision.ts';
import { refusePaused } from '../observe/refuse-paused.ts';
import { type PreviewDeps, previewChange } from './preview-change.ts';
import { fateOf, podsOf, refusalOf, toldRefusal } from './preview-parts.ts';

export type PreviewDetachDeps = PreviewDeps & { findManaged: FindManaged };

export type PreviewPauseDeps = PreviewDetachDeps & {
  engine: Pick<HelmReader, 'foretellRemoval'>;
  hideRecorded: PlacedJob<RecordedContent, HiddenContent>;
  clock: Pick<Clock, 'now'>;
  pauseDaemonSets: boolean;
};

const identityOf = ({ apiVersion, kind, namespace, name }: ObjectRef) => `${apiVersion} ${kind} ${namespace}/${name}`;

/**
 * Previews a pause, using the same transformation as the pause itself: the cluster judges what would be applied, Walm's
 * own object too. Nothing is written.
 * @throws ProblemError RELEASE_NOT_FOUND, REVISION_MISMATCH, and what reading throws
 */
export type PreviewPause = (input: ChangeInput, signal: AbortSignal) => Promise<ChangePreview>;

export function createPreviewPause(deps: PreviewPauseDeps): PreviewPause {
  const { live, engine } = deps;
  return function previewPause(input, signal) {
    return previewChange(deps, input, signal, async ({ reading, revision, secrets }) => {
      const written = await deps.findManaged(revision, reading.caller, { signal, requestId: reading.requestId });
      const isPaused = isPausedRevision(revision, written?.facts ?? null);
      const rules = pauseRules(live, deps.pauseDaemonSets, revision.objects);
      const { changed, notPaused } = pauseDocuments(revision.objects, rules);
      const after = new Map(isPaused ? [] : changed.map(({ index, object }) => [index, object]));
      const running = new Set(notPaused.map(identityOf));
      const objects = revision.objects.flatMap((document): ObjectFate[] => {
        const object = after.get(document.index);
        if (object !== undefined) {
          const differences = differObject(document.object, object, secrets.masker);
          return [
            fateOf(document, 'changed', 'it runs nothing while it is paused', differences),
            ...podsOf(live, input, document),
          ];
        }
        const reason = running.has(identityOf(document))
          ? 'Walm cannot pause it: it may go on running'
          : isPaused
            ? 'the release is paused already'
            : 'it runs nothing that a pause would stop';
        return [fateOf(document, 'kept', reason)];
      });
      const holder = shareOf(reading.caller);
      const planned = planPause(revision.objects, live, rules, timestamp(deps.clock));
      const rewriting = {
        taskId: '',
        cause: causeOf('paused', reading.caller),
        caller: reading.caller?.user ?? null,
        warnings: [],
        plugins: withPausePlugin(written?.facts.plugins ?? []),
        pause: pauseToJson(planned),
      };
      const hidden = await deps.hideRecorded(contentToHide(revision, written), holder);
      const config = isPaused ? [] : [rewrittenConfig(revision, written, rewriting, hidden)];
      const applied = [...[...after.values()].filter((object) => object !== null), ...config];
      const target = { ...targetOf(reading), applied, keepsAll: true };
      const { refused, warnings } = await engine.foretellRemoval(target, { signal, requestId: reading.requestId });
      return { ...(refused && { refused: toldRefusal(refused) }), objects, warnings };
    });
  };
}

/**
 * Previews a detachment. Nothing is written.
 * @throws ProblemError RELEASE_NOT_FOUND, REVISION_MISMATCH, and what reading throws
 */
export type PreviewDetach = (input: ChangeInput, signal: AbortSignal) => Promise<ChangePreview>;

export function createPreviewDetach(deps: PreviewDetachDeps): PreviewDetach {
  return function previewDetach(input, signal) {
    return previewChange(deps, input, signal, async ({ reading, revision }) => {
      const written = await deps.findManaged(revision, reading.caller, { signal, requestId: reading.requestId });
      const refused = await refusalOf(() => refusePaused(revision, written));
      const objects = revision.objects.map((document) =>
        revision.releaseConfig !== null && isOwnConfig(revision, document)
          ? fateOf(document, 'deleted', 'what Walm knows of the release goes with it')
          : fateOf(document, 'kept', 'the release goes on as it is'),
      );
      return { ...(refused && { refused }), objects };
    });
  };
}
