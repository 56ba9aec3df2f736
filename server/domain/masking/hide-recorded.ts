import type { JsonObject } from '../json/json.ts';
import { findOutputSecrets, maskOutputs, type OutputSecret, type SecretData } from '../outputs/output-secrets.ts';
import { maskerOfSources, type SecretSources } from './collect-secrets.ts';
import { type HiddenLayers, maskLayers, type ValueLayers } from './hide-layers.ts';
import { secretsIn } from './masker.ts';

/** What a revision that is not rendered again is written down with: its layers of values, and what it publishes. */
export type RecordedContent = {
  /** Where its secrets are looked for. */
  sources: SecretSources;
  layers: ValueLayers;
  outputConfig: JsonObject;
  /** The Secrets of its namespace that it made. */
  secrets: readonly SecretData[];
};

/** The same without secrets, and where those of the outputs are put together from. */
export type HiddenContent = HiddenLayers & { outputConfig: JsonObject; outputSecrets: OutputSecret[] };

/** Takes what is secret in a recorded revision out of what its ReleaseConfig will say. */
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
