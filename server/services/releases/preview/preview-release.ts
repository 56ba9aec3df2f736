import type { ObjectPreview, ReleasePreview } from '../../../../contract/schemas/release-preview.ts';
import { pairObjects } from '../../../domain/history/object-difference.ts';
import { previewObject } from '../../../domain/history/object-preview.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import { createYieldTurn } from '../../jobs/cooperative-yield.ts';
import type { EstimateRenderings } from './estimate-renderings.ts';
import type { PreviewDependents } from './preview-dependents.ts';
import type { DryRunInput, DryRunRendering, RenderDryRun } from './render-dry-run.ts';

export type PreviewReleaseDeps = {
  renderDryRun: RenderDryRun;
  estimateRenderings: EstimateRenderings;
  previewDependents: PreviewDependents;
  clock: Pick<Clock, 'now'>;
};

/** Texts and differences of one object, and of all objects, as JSON. What does not fit is left out, and says so. */
const MAX_OBJECT_BYTES = 256 * 1024;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Tells from one rendering what an install, or for an existing release an upgrade, would do: objects with both texts,
 * totals, dependents and warnings. Secrets are `***`. Nothing is written. Throws what the change would be refused for,
 * as the dry run does.
 */
export type PreviewRelease = (input: DryRunInput, signal: AbortSignal) => Promise<ReleasePreview>;

export function createPreviewRelease(deps: PreviewReleaseDeps): PreviewRelease {
  async function previewObjects({ existing, rendered, masker }: DryRunRendering): Promise<ObjectPreview[]> {
    const yieldTurn = createYieldTurn(deps.clock);
    const objects: ObjectPreview[] = [];
    let left = MAX_BYTES;
    for (const pair of pairObjects(existing?.objects ?? [], rendered.documents, rendered.removals)) {
      await yieldTurn();
      const preview = previewObject(pair, masker, Math.min(left, MAX_OBJECT_BYTES));
      if (preview !== null) {
        objects.push(preview.shown);
        left -= preview.bytes;
      }
    }
    return objects;
  }

  return async function previewRelease(input, signal) {
    const rendering = await deps.renderDryRun({ ...input, originals: true }, signal);
    const { existing, digest } = rendering;
    const [objects, { totals, warnings }, { dependents, hidden }] = await Promise.all([
      previewObjects(rendering),
      deps.estimateRenderings(input, [rendering], signal),
      deps.previewDependents(rendering, input.caller),
    ]);
    return {
      action: existing === null ? 'install' : 'upgrade',
      namespace: input.namespace,
      name: rendering.name,
      revision: existing?.revision ?? 0,
      chartDigest: digest,
      objects,
      totals,
      dependents,
      hiddenDependents: hidden,
      warnings: [...rendering.warnings, ...warnings],
    };
  };
}
