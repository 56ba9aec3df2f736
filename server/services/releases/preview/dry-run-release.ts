import type { Warning } from '../../../../contract/schemas/warning.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import type { RenderDryRun, DryRunInput } from './render-dry-run.ts';
import { type PreviewDependents, dependentWarnings } from './preview-dependents.ts';
import { type DryRunView, showObjects } from './show-objects.ts';

export type DryRunReleaseDeps = {
  renderDryRun: RenderDryRun;
  previewDependents: PreviewDependents;
  clock: Pick<Clock, 'now'>;
};

/** Shows what an install, or for an existing release an upgrade, would create; see `showObjects`. Nothing is written. */
export type DryRunRelease = (
  input: DryRunInput & DryRunView,
  signal: AbortSignal,
) => Promise<{ objects: JsonObject[]; warnings: readonly Warning[] }>;

export function createDryRunRelease({ renderDryRun, previewDependents, clock }: DryRunReleaseDeps): DryRunRelease {
  return async function dryRunRelease(input, signal) {
    const rendering = await renderDryRun(input, signal);
    const dependents = await previewDependents(rendering, input.caller);
    const warnings = [...rendering.warnings, ...dependentWarnings(dependents)];
    return { objects: await showObjects(rendering, input, clock), warnings };
  };
}
