import { maskWarnings } from '../../domain/masking/revision-secrets.ts';
import type { ReleaseTotals } from '../../../contract/resource-totals.ts';
import type { Warning } from '../../../contract/warning.ts';
import type { JsonObject } from '../../domain/json.ts';
import { asString, valueAt } from '../../domain/json-reading.ts';
import { groupKind } from '../../domain/kube-object.ts';
import { containerDefaults, type PluralOf, quotaNeeds } from '../../domain/quota-needs.ts';
import { quotaVerdict } from '../../domain/quota-verdict.ts';
import { resourceTotals, totalSum } from '../../domain/resource-totals.ts';
import type { EngineCall, HelmEngine } from '../../ports/helm-engine.ts';
import type { NamespaceLimits } from '../../ports/namespace-limits.ts';
import type { createRenderDryRun, DryRunInput } from './render-dry-run.ts';

export type EstimateResourcesDeps = {
  renderDryRun: ReturnType<typeof createRenderDryRun>;
  limits: NamespaceLimits;
  engine: Pick<HelmEngine, 'listResources'>;
};

/** Helm writes one for each revision; quotas on Secrets count it. */
const HELM_RECORD: JsonObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'sh.helm.release.v1' } };

/**
 * Computes what an install, or of an existing release an upgrade, would ask the cluster for, and whether the quotas of
 * the namespace have room for it. Nothing is written. Throws the problems of the dry run.
 */
export function createEstimateResources({ renderDryRun, limits, engine }: EstimateResourcesDeps) {
  /** Quotas name kinds by their plural; only those that count objects need to know it. */
  async function plurals(quotas: readonly JsonObject[], call: EngineCall): Promise<PluralOf> {
    if (!JSON.stringify(quotas).includes('"count/')) {
      return () => undefined;
    }
    const served = await engine.listResources(call);
    const byKind = new Map(served.map(({ group, kind, plural }) => [`${group}/${kind}`, plural]));
    return (apiVersion, kind) => {
      const slash = apiVersion.indexOf('/');
      return byKind.get(`${slash < 0 ? '' : apiVersion.slice(0, slash)}/${kind}`);
    };
  }

  return async (
    input: DryRunInput,
    signal: AbortSignal,
  ): Promise<{ totals: ReleaseTotals; warnings: readonly Warning[] }> => {
    const [{ rendered, originals, existing, masker, warnings }, { quotas, limitRanges, nodes: known }] =
      await Promise.all([renderDryRun({ ...input, originals: true }, signal), limits.read(input.namespace, signal)]);
    const pluralOf = await plurals(quotas, { signal, requestId: input.requestId });
    const manifest = {
      objects: rendered.documents.map(({ object }) => object),
      originals: originals.map(({ object }) => object),
    };
    const nodes = known ?? [];
    const world = { nodes, defaults: containerDefaults(limitRanges), pluralOf };
    const needs = quotaNeeds([...manifest.objects, HELM_RECORD], world);
    const before =
      existing === null
        ? undefined
        : quotaNeeds(
            existing.objects.map(({ object }) => object),
            world,
          );
    return {
      totals: {
        ...resourceTotals(manifest),
        total: totalSum(manifest, nodes),
        quota: quotaVerdict(quotas, needs, before),
      },
      warnings: known === null ? [...warnings, ...maskWarnings(manifest.objects.flatMap(uncounted), masker)] : warnings,
    };
  };
}

/** What cannot be counted without knowing the nodes. */
function uncounted({ apiVersion, kind, metadata }: JsonObject): Warning[] {
  if (groupKind(asString(apiVersion), asString(kind)) !== 'DaemonSet.apps') {
    return [];
  }
  const name = asString(valueAt(metadata, 'name'));
  const message = `the pods of DaemonSet ${name} are not counted: Walm is not allowed to read the nodes of the cluster`;
  return [{ code: 'NODES_NOT_READABLE', message }];
}
