import type { JsonObject } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';
import type { ValueLayers } from '../masking/hide-layers.ts';
import type { HiddenContent, RecordedContent } from '../masking/hide-recorded.ts';
import type { SecretRules } from '../secrets/secret-values.ts';
import { recordedOutputs, type RecordedOutputs, secretsOfObjects } from './recorded-outputs.ts';
import type { RecordedRevision } from './recorded-revision.ts';
import { sourcesOfRevision } from './revision-secrets.ts';

/** What recording a revision again needs: its secrets, its layers of values, and Walm's facts. */
type WrittenAgain = { rules: SecretRules; layers: ValueLayers; facts: RecordedOutputs | null };

/** The minimal content in which secrets have to be hidden before a revision is recorded again. */
export function recordedContent(revision: RecordedRevision, { rules, layers, facts }: WrittenAgain): RecordedContent {
  const { configValues, commonValues, dependenciesConfigValues } = layers;
  return {
    sources: sourcesOfRevision(revision, rules),
    layers: { configValues, commonValues, dependenciesConfigValues },
    outputConfig: recordedOutputs(revision, facts).outputConfigValues,
    secrets: secretsOfObjects(revision),
  };
}

/** A ReleaseConfig with the outputs of the revision, secrets replaced by where they can be found. */
export function withOutputs(
  config: JsonObject,
  { outputSecrets: before }: Pick<RecordedOutputs, 'outputSecrets'>,
  { outputConfig, outputSecrets }: Pick<HiddenContent, 'outputConfig' | 'outputSecrets'>,
): JsonObject {
  return {
    ...config,
    spec: { ...asObject(config['spec']), outputConfig, outputSecrets: [...before, ...outputSecrets] },
  };
}
