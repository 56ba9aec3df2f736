import type { RenderDryRun, DryRunInput } from './render-dry-run.ts';
import type { Estimate, EstimateRenderings } from './estimate-renderings.ts';

export type EstimateResourcesDeps = { renderDryRun: RenderDryRun; estimateRenderings: EstimateRenderings };

/**
 * Computes the resources that an install, or for an existing release an upgrade, would request, and whether they fit
 * into the quotas of its namespaces. Nothing is written. Throws the problems of the dry run.
 */
export type EstimateResources = (input: DryRunInput, signal: AbortSignal) => Promise<Estimate>;

export function createEstimateResources({
  renderDryRun,
  estimateRenderings,
}: EstimateResourcesDeps): EstimateResources {
  return async function estimateResources(input, signal) {
    const rendering = await renderDryRun({ ...input, originals: true }, signal);
    const { totals, warnings } = await estimateRenderings(input, [rendering], signal);
    return { totals, warnings: [...rendering.warnings, ...warnings] };
  };
}
