import { shareOf } from '../../../domain/access/sharer.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import { CHART_LABEL, chartLabelValue } from '../../../domain/charts/chart-label.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import type { hideShipped, HiddenLayers, hideLayers } from '../../../domain/masking/hide-layers.ts';
import { type Masker, maskerFrom } from '../../../domain/masking/masker.ts';
import { maskWarnings } from '../../../domain/release/revision-secrets.ts';
import { isSameJson } from '../../../domain/json/sorted-json.ts';
import { layerValues } from '../../../domain/values/merge-values.ts';
import type { HiddenSecrets } from '../../../domain/outputs/output-secrets.ts';
import { hasPausePlugin } from '../../../domain/workloads/pause-state.ts';
import { buildReleaseConfig } from '../../../domain/release/release-config.ts';
import { helmLabels } from '../../../domain/request/release-labels.ts';
import type { EffectiveRequest } from '../../../domain/request/release-request.ts';
import { usedSource } from '../../../domain/charts/used-source.ts';
import { secretRulesOf } from '../../../domain/metainfo/secret-rules.ts';
import { type SecretRules, tellNothing } from '../../../domain/secrets/secret-values.ts';
import type { DocumentTransform } from '../../../ports/helm/release-content.ts';
import type { ChartFacts } from '../../charts/chart-facts.ts';
import type { PlacedJob } from '../../jobs/placed-job.ts';
import type { Dependent, Injection } from '../../dependencies/inject-dependencies.ts';
import type { TransformDocuments } from './transform-documents.ts';

export type BuildReleaseDeps = {
  injectDependencies: (dependent: Dependent) => Promise<Injection>;
  transformDocuments: TransformDocuments;
  hideLayers: PlacedJob<Parameters<typeof hideLayers>[0], HiddenLayers>;
  hideShipped: PlacedJob<Parameters<typeof hideShipped>[0], HiddenSecrets>;
  /** Record only what the request says of the chart's origin, like the original Walm (decision 22: compatibility). */
  sourceAsAsked: boolean;
};

/** The parts that a release is built from. `taskId` is absent in a dry run. */
export type ReleaseParts = {
  namespace: string;
  effective: EffectiveRequest;
  chart: ChartFacts;
  origin: ChartOrigin;
  taskId?: string;
  /** The objects of the applied revision; absent for an install. */
  recorded?: readonly ManifestDocument[];
  /** Why the revision is written and for which caller (null: Walm itself); see `ReleaseConfigContent`. */
  cause?: string;
  caller: Caller | null;
  /** Warnings about the request; recorded together with those found here. */
  warnings?: readonly Warning[];
  /** How to judge the dependencies. */
  dependencyRules?: Pick<Dependent, 'allowMissing' | 'foretold' | 'former' | 'isComing' | 'unattended'>;
};

/** The input for Helm. */
export type BuiltRelease = {
  values: JsonObject;
  /** See `ReleaseContent`. */
  probes?: readonly JsonObject[];
  releaseConfig: JsonObject;
  /** Helm's release labels. */
  labels: Record<string, string>;
  /** Which of the values are secret: according to the chart and to its providers. */
  secrets: SecretRules;
  /** Finds secrets in texts: those of the values as the templates will see them, as far as known in advance. */
  masker: Masker;
  /** Changes the documents between rendering and applying. */
  transform: DocumentTransform;
  warnings: Warning[];
};

/**
 * Layers the values (chart < commonValues < injected outputs < configValues; decision 18: order of the layers) and
 * builds the ReleaseConfig, in which secret values are masked.
 * @throws what `injectDependencies` throws
 */
export type BuildRelease = (ingredients: ReleaseParts) => Promise<BuiltRelease>;

export function createBuildRelease({
  injectDependencies,
  transformDocuments,
  hideLayers,
  hideShipped,
  sourceAsAsked,
}: BuildReleaseDeps): BuildRelease {
  return async function buildRelease({
    namespace,
    effective,
    chart,
    origin,
    taskId,
    cause,
    caller,
    warnings = [],
    dependencyRules,
    recorded,
  }) {
    const { name, dependencies, commonValues, configValues, releaseLabels } = effective;
    const { metainfo } = chart;
    const injection = await injectDependencies({ namespace, name, dependencies, metainfo, caller, ...dependencyRules });
    const secrets = secretRulesOf(chart.secrets.schemas, metainfo, [injection.shown]);
    const values = layerValues(commonValues, injection.values, configValues);
    const layers = { configValues, commonValues, dependenciesConfigValues: injection.shown };
    const holder = shareOf(caller);
    const given = { chart: chart.values, injected: injection.values, rules: secrets, layers };
    // Where no rule says of any value that it is secret, large layers stay the very objects that they are.
    const known = tellNothing(secrets) ? { layers, secrets: [] } : await hideLayers(given, holder);
    const masker = maskerFrom(known.secrets);
    const releaseConfig = buildReleaseConfig({
      ...effective,
      ...usedSource(effective, origin, sourceAsAsked),
      namespace,
      ...(taskId !== undefined && { taskId }),
      ...(cause !== undefined && { cause }),
      caller: caller?.user ?? null,
      warnings: maskWarnings([...warnings, ...injection.warnings], masker),
      chart,
      source: origin,
      ...known.layers,
      injected: injection.injected,
      pause: hasPausePlugin(effective.plugins) ? effective.pause : null,
    });
    const probes = injection.probes
      ?.map((injected) => layerValues(commonValues, injected, configValues))
      .filter((probe) => !isSameJson(probe, values));
    return {
      values,
      ...(probes !== undefined && probes.length > 0 && { probes }),
      releaseConfig,
      labels: { ...helmLabels(releaseLabels), [CHART_LABEL]: chartLabelValue(origin.digest) },
      secrets,
      masker,
      transform: {
        ...transformDocuments({ ...effective, releaseConfig, ...(recorded && { recorded }), holder }),
        hideSecrets: (shipped) => {
          const names = [name, namespace, chart.name, chart.version];
          return hideShipped({ shipped, rules: secrets, layers, secrets: known.secrets, names }, holder);
        },
      },
      warnings: injection.warnings,
    };
  };
}
