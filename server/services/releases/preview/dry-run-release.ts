import type { Warning } from '../../../../contract/schemas/warning.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { withExactNumbers } from '../../../domain/json/exact-numbers.ts';
import { asObject } from '../../../domain/json/json-reading.ts';
import { maskSecretObject } from '../../../domain/secrets/mask-secret-object.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import type { ManifestDocument } from '../../../ports/helm/helm-release.ts';
import { createYieldTurn } from '../../jobs/cooperative-yield.ts';
import type { RenderDryRun, DryRunInput } from './render-dry-run.ts';
import { type PreviewDependents, dependentWarnings } from './preview-dependents.ts';

export type DryRunReleaseDeps = {
  renderDryRun: RenderDryRun;
  previewDependents: PreviewDependents;
  clock: Pick<Clock, 'now'>;
};

/** What a dry run shows in addition to the objects of the manifest. */
export interface DryRunView {
  /** Include the chart's hooks. */
  readonly hooks: boolean;
  /** Include the chart's `crds/`. */
  readonly crds: boolean;
}

/**
 * Shows what an install, or for an existing release an upgrade, would create: in Helm's order, the ReleaseConfig last,
 * secrets masked (decisions 23 and 24: dry runs), every number with all its digits. Nothing is written.
 */
export type DryRunRelease = (
  input: DryRunInput & DryRunView,
  signal: AbortSignal,
) => Promise<{ objects: JsonObject[]; warnings: readonly Warning[] }>;

export function createDryRunRelease({ renderDryRun, previewDependents, clock }: DryRunReleaseDeps): DryRunRelease {
  return async function dryRunRelease(input, signal) {
    const rendering = await renderDryRun(input, signal);
    const { rendered, masker } = rendering;
    const warnings = [...rendering.warnings, ...dependentWarnings(await previewDependents(rendering, input.caller))];
    const own = rendered.documents.filter((document) => isReleaseConfig(document));
    const rest = rendered.documents.filter((document) => !isReleaseConfig(document));
    const shown = [...(input.crds ? rendered.crds : []), ...rest, ...(input.hooks ? rendered.hooks : []), ...own];
    const yieldTurn = createYieldTurn(clock);
    const objects: JsonObject[] = [];
    for (const document of shown) {
      await yieldTurn();
      const masked = asObject(masker.json(maskSecretObject(withNamespace(document))));
      objects.push(withExactNumbers(masked, document.numbers ?? []));
    }
    return { objects, warnings };
  };
}

function isReleaseConfig({ apiVersion, kind }: ManifestDocument): boolean {
  return kind === 'ReleaseConfig' && apiVersion.startsWith('apiextensions.transwarp.io/');
}

/** The object with its namespace, if its kind is namespaced. */
function withNamespace({ object, namespace }: ManifestDocument): JsonObject {
  return namespace === '' ? object : { ...object, metadata: { ...asObject(object['metadata']), namespace } };
}
