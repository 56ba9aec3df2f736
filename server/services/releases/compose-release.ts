import type { Warning } from '../../../contract/warning.ts';
import { CHART_LABEL, chartLabelValue } from '../../domain/chart-label.ts';
import type { ChartOrigin } from '../../domain/chart-origin.ts';
import type { Caller } from '../../domain/caller.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ManifestDocument } from '../../domain/manifest-document.ts';
import { asObject } from '../../domain/json-reading.ts';
import { maskerOfSecrets, maskerOfSources } from '../../domain/masking/collect-secrets.ts';
import type { Masker } from '../../domain/masking/masker.ts';
import { maskWarnings } from '../../domain/masking/revision-secrets.ts';
import { layerValues } from '../../domain/merge-values.ts';
import { findOutputSecrets } from '../../domain/outputs/output-secrets.ts';
import { hasPausePlugin } from '../../domain/pause-state.ts';
import { buildReleaseConfig } from '../../domain/release-config.ts';
import { helmLabels } from '../../domain/release-labels.ts';
import type { EffectiveRequest } from '../../domain/release-request.ts';
import { usedSource } from '../../domain/sources/used-source.ts';
import { secretRulesOf } from '../../domain/secret-rules.ts';
import { maskSecretValues, type SecretRules } from '../../domain/secret-values.ts';
import type { DocumentTransform } from '../../ports/helm-engine.ts';
import type { ChartFacts } from '../charts/chart-facts.ts';
import type { Dependent, Injection } from './inject-dependencies.ts';
import type { createTransformDocuments } from './transform-documents.ts';

export type ComposeReleaseDeps = {
  injectDependencies: (dependent: Dependent) => Promise<Injection>;
  transformDocuments: ReturnType<typeof createTransformDocuments>;
};

/** What a release is made of. `taskId` is absent in a dry run. */
export type Ingredients = {
  namespace: string;
  effective: EffectiveRequest;
  chart: ChartFacts;
  origin: ChartOrigin;
  taskId?: string;
  /** The objects of the revision in force; absent on an install. */
  recorded?: readonly ManifestDocument[];
  /** Why the revision is written and for whom (null: Walm itself); see `ReleaseConfigContent`. */
  cause?: string;
  caller: Caller | null;
  /** What is known to be wrong with the request; recorded with what is found here. */
  warnings?: readonly Warning[];
  /** What the dependencies have to be judged by. */
  dependencyRules?: Pick<Dependent, 'allowMissing' | 'isComing' | 'former' | 'unattended'>;
};

/** What Helm is given. */
export type ComposedRelease = {
  values: JsonObject;
  releaseConfig: JsonObject;
  /** Helm's release labels. */
  labels: Record<string, string>;
  /** Which of the values are secret: those of the chart and those of the releases that it depends on. */
  secrets: SecretRules;
  /** Finds them: in the values as the templates will see them, as far as they are known before. */
  masker: Masker;
  /** What happens to the documents between rendering and applying. */
  transform: DocumentTransform;
  warnings: Warning[];
};

/**
 * Layers the values (chart < commonValues < injected outputs < configValues, decision 18) and writes the
 * ReleaseConfig, in which secret leaves are masked. @throws what `injectDependencies` throws
 */
export function createComposeRelease({ injectDependencies, transformDocuments }: ComposeReleaseDeps) {
  return async ({
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
  }: Ingredients): Promise<ComposedRelease> => {
    const { name, dependencies, commonValues, configValues, releaseLabels } = effective;
    const { metainfo } = chart;
    const injection = await injectDependencies({ namespace, name, dependencies, metainfo, caller, ...dependencyRules });
    const secrets = secretRulesOf(chart.secrets.schemas, metainfo, [injection.shown]);
    const values = layerValues(commonValues, injection.values, configValues);
    const masker = maskerOfSources({ values: layerValues(chart.values, values), rules: secrets });
    const layersOf = (hiding: Masker) => {
      // Names of fields stay: a leaf that is hidden is found by them when it is read back.
      const mask = (layer: JsonObject) => asObject(hiding.json(maskSecretValues(layer, secrets), true));
      return {
        configValues: mask(configValues),
        commonValues: mask(commonValues),
        dependenciesConfigValues: mask(injection.shown),
      };
    };
    const releaseConfig = buildReleaseConfig({
      ...effective,
      ...usedSource(effective, origin),
      namespace,
      ...(taskId !== undefined && { taskId }),
      ...(cause !== undefined && { cause }),
      caller: caller?.user ?? null,
      warnings: maskWarnings([...warnings, ...injection.warnings], masker),
      chart,
      source: origin,
      ...layersOf(masker),
      injected: injection.injected,
      pause: hasPausePlugin(effective.plugins) ? effective.pause : null,
    });
    return {
      values,
      releaseConfig,
      labels: { ...helmLabels(releaseLabels), [CHART_LABEL]: chartLabelValue(origin.digest) },
      secrets,
      masker,
      transform: {
        ...transformDocuments({ ...effective, releaseConfig, ...(recorded && { recorded }) }),
        hideSecrets: (shipped) => ({
          outputs: findOutputSecrets(shipped, secrets),
          spec: layersOf(masker.and(maskerOfSecrets(shipped.secrets, [name, namespace, chart.name, chart.version]))),
        }),
      },
      warnings: injection.warnings,
    };
  };
}
