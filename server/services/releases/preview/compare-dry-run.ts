import type { DryRunDifference } from '../../../../contract/schemas/object-difference.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import { differObjects } from '../../../domain/history/object-difference.ts';
import type { RenderDryRun, DryRunInput } from './render-dry-run.ts';
import type { PreviewDependents } from './preview-dependents.ts';

export type CompareDryRunDeps = {
  renderDryRun: RenderDryRun;
  previewDependents: PreviewDependents;
};

/**
 * Returns how an install or upgrade would change the objects of the release, compared with the manifest of its newest
 * revision. Secrets are `***`. Nothing is written. Throws the problems of the dry run.
 */
export type CompareDryRun = (
  input: DryRunInput,
  signal: AbortSignal,
) => Promise<{ difference: DryRunDifference; warnings: readonly Warning[] }>;

export function createCompareDryRun({ renderDryRun, previewDependents }: CompareDryRunDeps): CompareDryRun {
  return async function compareDryRun(input, signal) {
    const rendering = await renderDryRun(input, signal);
    const { existing, rendered, masker, warnings } = rendering;
    const objects = differObjects(existing?.objects ?? [], rendered.documents, masker, rendered.removals);
    const { dependents, hidden } = await previewDependents(rendering, input.caller);
    const revision = existing?.revision ?? 0;
    return { difference: { revision, objects, dependents, hiddenDependents: hidden }, warnings };
  };
}
