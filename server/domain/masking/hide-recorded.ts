import type { JsonObject } from '../json/json.ts';
import { findOutputSecrets, maskOutputs, type OutputSecret, type SecretData } from '../outputs/output-secrets.ts';
import { maskerOfSources, type SecretSources } from './collect-secrets.ts';
import { type HiddenLayers, maskLayers, type ValueLayers } from './hide-layers.ts';
import { secretsIn } from './masker.ts';

/** The content of a revision written without rendering: its layers of values, and its outputs. */
export type RecordedContent = {
  /** Where its secrets are collected from. */
  sources: SecretSources;
  layers: ValueLayers;
  outputConfig: JsonObject;
  /** The Secrets of its namespace that it created. */
  secrets: readonly SecretData[];
};

/** The content without secrets, and how the secrets in the outputs are restored. */
export type HiddenContent = HiddenLayers & { outputConfig: JsonObject; outputSecrets: OutputSecret[] };

/** Masks what is secret in a recorded revision before it becomes a ReleaseConfig. */
export function hideRecorded({ sources, layers, outputConfig, secrets }: RecordedContent): HiddenContent {
  const masker = maskerOfSources(sources);
  const { values: computedValues, rules } = sources;
  const outputSecrets = findOutputSecrets({ outputConfig, computedValues, secrets }, rules);
  return {
    layers: maskLayers(layers, rules, masker),
    secrets: secretsIn(masker),
    outputConfig: maskOutputs(outputConfig, outputSecrets),
    outputSecrets,
  };
}
