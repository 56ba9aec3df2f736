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

/** What a ReleaseConfig publishes, and what of it is secret. */
export type RecordedOutputs = Pick<ReleaseFacts, 'outputConfigValues' | 'outputSecrets'>;

/** What a revision was made from and made. */
type RevisionContent = {
  namespace: string;
  computedValues: JsonObject;
  objects: readonly { apiVersion: string; kind: string; namespace: string; name: string; object: JsonObject }[];
};

/**
 * What the chart of a revision publishes: as its own ReleaseConfig says where it has one, whoever wrote it; as Walm's
 * facts said before where plain Helm left it out.
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

/** The two fields of a ReleaseConfig's `spec` that say what a chart publishes, without any secret of the revision. */
export function hiddenOutputs(
  { outputConfigValues, outputSecrets }: RecordedOutputs,
  { computedValues, objects, namespace }: RevisionContent,
  rules: SecretRules,
): { outputConfig: JsonObject; outputSecrets: OutputSecret[] } {
  const secrets = secretsOfObjects({ objects, namespace });
  const found = findOutputSecrets({ outputConfig: outputConfigValues, computedValues, secrets }, rules);
  return { outputConfig: maskOutputs(outputConfigValues, found), outputSecrets: [...outputSecrets, ...found] };
}

/** The Secrets of its namespace that a revision made. */
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
