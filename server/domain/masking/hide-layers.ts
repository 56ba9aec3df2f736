import type { JsonObject } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';
import { layerValues } from '../values/merge-values.ts';
import { findOutputSecrets, type HiddenSecrets, type ShippedOutputs } from '../outputs/output-secrets.ts';
import { maskSecretValues, type SecretRules } from '../secrets/secret-values.ts';
import { maskerOfSecrets, maskerOfSources, type SecretSources } from './collect-secrets.ts';
import { type Masker, maskerFrom, secretsIn, type SecretText } from './masker.ts';

/** The layers of a release's values, by their names in its ReleaseConfig. */
export type ValueLayers = Readonly<Record<'configValues' | 'commonValues' | 'dependenciesConfigValues', JsonObject>>;

/** The layers without secrets, and the secrets; null: every text is assumed to contain one. */
export type HiddenLayers = { layers: ValueLayers; secrets: SecretText[] | null };

/**
 * Masks in the layers what is secret according to the merged values, and what contains a secret. `chart` are the
 * chart's own values, and `injected` the outputs of the dependencies, including secrets.
 */
export function hideLayers({
  chart,
  injected,
  rules,
  layers,
}: {
  chart: JsonObject;
  injected: JsonObject;
  rules: SecretRules;
  layers: ValueLayers;
}): HiddenLayers {
  // Like Helm: the user's layers are merged before they are merged into the chart's.
  const values = layerValues(chart, layerValues(layers.commonValues, injected, layers.configValues));
  const masker = maskerOfSources({ values, rules });
  return { layers: maskLayers(layers, rules, masker), secrets: secretsIn(masker) };
}

/** The secrets from these sources; null: every text is assumed to contain one. */
export function findSecrets({ sources }: { sources: readonly SecretSources[] }): { secrets: SecretText[] | null } {
  return { secrets: secretsIn(maskerOfSources(...sources)) };
}

/**
 * What must not be recorded, once it is known what the chart puts into Secrets; `secrets` are those known before, and
 * `names` the public names of the release and its chart.
 */
export function hideShipped({
  shipped,
  rules,
  layers,
  secrets,
  names,
}: {
  shipped: ShippedOutputs;
  rules: SecretRules;
  layers: ValueLayers;
  secrets: SecretText[] | null;
  names: string[];
}): HiddenSecrets {
  const masker = maskerFrom(secrets).and(maskerOfSecrets(shipped.secrets, names));
  return { outputs: findOutputSecrets(shipped, rules), spec: { ...maskLayers(layers, rules, masker) } };
}

/** The layers without secrets. Names of fields stay: a masked value is restored by its path when it is read back. */
export function maskLayers(layers: ValueLayers, rules: SecretRules, masker: Masker): ValueLayers {
  const mask = (layer: JsonObject) => asObject(masker.json(maskSecretValues(layer, rules), true));
  return {
    configValues: mask(layers.configValues),
    commonValues: mask(layers.commonValues),
    dependenciesConfigValues: mask(layers.dependenciesConfigValues),
  };
}
