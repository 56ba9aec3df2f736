import type { JsonObject } from '../json/json.ts';
import { asObject, asTextMap } from '../json/json-reading.ts';
import {
  findOutputSecrets,
  maskOutputs,
  type OutputSecret,
  readOutputSecrets,
  type SecretData,
} from '../outputs/output-secrets.ts';
import type { ReleaseFacts } from './release-facts.ts';
import type { SecretRules } from '../secrets/secret-values.ts';

/** The outputs of a ReleaseConfig, and which of them are secret. */
export type RecordedOutputs = Pick<ReleaseFacts, 'outputConfigValues' | 'outputSecrets'>;

/** What a revision was made from, and its objects. */
type RevisionContent = {
  namespace: string;
  computedValues: JsonObject;
  objects: readonly { apiVersion: string; kind: string; namespace: string; name: string; object: JsonObject }[];
};

/**
 * The outputs that the chart of a revision publishes: from its own ReleaseConfig if it has one, regardless of its author; from
 * Walm's earlier facts if plain Helm left it out.
 */
export function recordedOutputs(
  { releaseConfig }: { releaseConfig: JsonObject | null },
  facts: RecordedOutputs | null,
): RecordedOutputs {
  const spec = asObject(releaseConfig?.['spec']);
  return releaseConfig === null
    ? { outputConfigValues: facts?.outputConfigValues ?? {}, outputSecrets: facts?.outputSecrets ?? [] }
    : { outputConfigValues: asObject(spec['outputConfig']), outputSecrets: readOutputSecrets(spec['outputSecrets']) };
}

/** The two fields of a ReleaseConfig's `spec` with the chart's outputs, without any secret of the revision. */
export function hiddenOutputs(
  { outputConfigValues, outputSecrets }: RecordedOutputs,
  { computedValues, objects, namespace }: RevisionContent,
  rules: SecretRules,
): { outputConfig: JsonObject; outputSecrets: OutputSecret[] } {
  const secrets = secretsOfObjects({ objects, namespace });
  const found = findOutputSecrets({ outputConfig: outputConfigValues, computedValues, secrets }, rules);
  return { outputConfig: maskOutputs(outputConfigValues, found), outputSecrets: [...outputSecrets, ...found] };
}

/** The Secrets of its namespace that a revision created. */
export function secretsOfObjects({ objects, namespace }: Pick<RevisionContent, 'objects' | 'namespace'>): SecretData[] {
  return objects
    .filter((one) => one.kind === 'Secret' && one.apiVersion === 'v1' && one.namespace === namespace)
    .map(({ name, object }) => ({ name, data: dataOf(object) }));
}

function dataOf(object: JsonObject): Record<string, string> {
  const plain = Object.entries(asTextMap(object['stringData'])).map(([key, text]) => [
    key,
    Buffer.from(text).toString('base64'),
  ]);
  return { ...asTextMap(object['data']), ...(Object.fromEntries(plain) as Record<string, string>) };
}
