import type { JsonObject } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';
import { layerValues } from '../values/merge-values.ts';
import { findOutputSecrets, type HiddenSecrets, type ShippedOutputs } from '../outputs/output-secrets.ts';
import { maskSecretValues, type SecretRules } from '../secrets/secret-values.ts';
import { maskerOfSecrets, maskerOfSources, type SecretSources } from './collect-secrets.ts';
import { type Masker, maskerFrom, secretsIn, type SecretText } from './masker.ts';

/** Where the values of a release come from, by the names that they have in its ReleaseConfig. */
export type ValueLayers = Readonly<Record<'configValues' | 'commonValues' | 'dependenciesConfigValues', JsonObject>>;

/** The same without secrets, and what these are; null: every text is taken to hold one. */
export type HiddenLayers = { layers: ValueLayers; secrets: SecretText[] | null };

/**
 * Takes out of the layers what is secret in the values that they come to, and what holds a secret. `chart` are the
 * chart's own values, and `injected` what the dependencies publish, secrets among them.
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
  // As Helm has it: the user's layers are one before they meet the chart's.
  const values = layerValues(chart, layerValues(layers.commonValues, injected, layers.configValues));
  const masker = maskerOfSources({ values, rules });
  return { layers: maskLayers(layers, rules, masker), secrets: secretsIn(masker) };
}

/** What is secret by these sources; null: every text is taken to hold one. */
export function findSecrets({ sources }: { sources: readonly SecretSources[] }): { secrets: SecretText[] | null } {
  return { secrets: secretsIn(maskerOfSources(...sources)) };
}

/**
 * What must not be written down now that it is known what the chart puts into Secrets; `secrets` are those known before,
 * and `names` those by which everybody knows the release and its chart.
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

/** The layers without secrets. Names of fields stay: a leaf that is hidden is found by them when it is read back. */
export function maskLayers(layers: ValueLayers, rules: SecretRules, masker: Masker): ValueLayers {
  const mask = (layer: JsonObject) => asObject(masker.json(maskSecretValues(layer, rules), true));
  return {
    configValues: mask(layers.configValues),
    commonValues: mask(layers.commonValues),
    dependenciesConfigValues: mask(layers.dependenciesConfigValues),
  };
}
