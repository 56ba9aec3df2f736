import type { JsonObject } from '../../../domain/json/json.ts';
import { withExactNumbers } from '../../../domain/json/exact-numbers.ts';
import { asObject } from '../../../domain/json/json-reading.ts';
import { maskSecretObject } from '../../../domain/secrets/mask-secret-object.ts';
import type { ManifestDocument } from '../../../ports/helm/helm-release.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import { createYieldTurn } from '../../jobs/cooperative-yield.ts';
import type { DryRunRendering } from './render-dry-run.ts';

/** What a dry run shows in addition to the objects of the manifest. */
export interface DryRunView {
  /** Include the chart's hooks. */
  readonly hooks: boolean;
  /** Include the chart's `crds/`. */
  readonly crds: boolean;
}

/**
 * The objects of a rendering in Helm's order, the ReleaseConfig last, secrets masked (decisions 23 and 24: dry runs),
 * every number with all its digits.
 */
export async function showObjects(
  { rendered, masker }: Pick<DryRunRendering, 'masker' | 'rendered'>,
  view: DryRunView,
  clock: Pick<Clock, 'now'>,
): Promise<JsonObject[]> {
  const own = rendered.documents.filter((document) => isReleaseConfig(document));
  const rest = rendered.documents.filter((document) => !isReleaseConfig(document));
  const shown = [...(view.crds ? rendered.crds : []), ...rest, ...(view.hooks ? rendered.hooks : []), ...own];
  const yieldTurn = createYieldTurn(clock);
  const objects: JsonObject[] = [];
  for (const document of shown) {
    await yieldTurn();
    const masked = asObject(masker.json(maskSecretObject(withNamespace(document))));
    objects.push(withExactNumbers(masked, document.numbers ?? []));
  }
  return objects;
}

function isReleaseConfig({ apiVersion, kind }: ManifestDocument): boolean {
  return kind === 'ReleaseConfig' && apiVersion.startsWith('apiextensions.transwarp.io/');
}

/** The object with its namespace, if its kind is namespaced. */
function withNamespace({ object, namespace }: ManifestDocument): JsonObject {
  return namespace === '' ? object : { ...object, metadata: { ...asObject(object['metadata']), namespace } };
}
