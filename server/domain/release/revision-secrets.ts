import type { Warning } from '../../../contract/schemas/warning.ts';
import { metainfoOf } from '../metainfo/chart-metainfo.ts';
import type { JsonObject } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';
import { readReleaseFacts, type ReleaseFacts } from './release-facts.ts';
import type { RecordedRevision } from './recorded-revision.ts';
import { secretRulesOf } from '../metainfo/secret-rules.ts';
import { maskSecretValues, type SecretRules } from '../secrets/secret-values.ts';
import { maskerOfSources, mayHoldSecrets, type SecretSources } from '../masking/collect-secrets.ts';
import { maskReference } from '../masking/mask-reference.ts';
import type { Masker } from '../masking/masker.ts';

/** Masks the secrets of a revision in what is shown of it. */
export type RevisionSecrets = {
  /** Values with every secret value as `***`, and with secrets masked in all other strings. */
  values: (values: JsonObject) => JsonObject;
  /** Masks secrets wherever they occur. */
  masker: Masker;
};

/** The secrets of a revision: according to the recorded chart, and to what Walm masked when it wrote the revision. */
export function secretsOfRevision(revision: RecordedRevision): RevisionSecrets {
  return secretsByFacts(revision, readReleaseFacts(revision.releaseConfig));
}

/** The same if Walm's facts are already known, from whichever revision. */
export function secretsByFacts(revision: RecordedRevision, facts: WrittenLayers | null): RevisionSecrets {
  const rules = rulesByFacts(revision, facts);
  const masker = maskerOfRevision(revision, rules);
  return { masker, values: (values) => asObject(masker.json(maskSecretValues(values, rules))) };
}

/** Walm's recorded values of a release, secrets masked. */
type WrittenLayers = Pick<ReleaseFacts, 'configValues' | 'commonValues' | 'dependenciesConfigValues'>;

/** Which values of a revision are secret: according to its chart and to what was masked in its record. */
export function rulesByFacts(revision: RecordedRevision, facts: WrittenLayers | null): SecretRules {
  const layers = facts === null ? [] : [facts.configValues, facts.commonValues, facts.dependenciesConfigValues];
  return secretRulesOf(revision.schemas, metainfoOf(revision.metaFiles), layers);
}

/** The masker of the secrets of a revision: according to the rules, and in the Secrets of its chart. */
function maskerOfRevision(revision: RecordedRevision, rules: SecretRules): Masker {
  return maskerOfSources(sourcesOfRevision(revision, rules));
}

/** The minimal content in which the secrets of a revision are searched for. */
export function sourcesOfRevision(revision: RecordedRevision, rules: SecretRules): SecretSources {
  const { name, namespace, chartName, chartVersion, computedValues: values, objects, hooks = [] } = revision;
  const names = [
    name,
    namespace,
    chartName,
    chartVersion,
    ...objects.flatMap((one) => [one.apiVersion, one.kind, one.name]),
  ];
  return {
    values,
    rules,
    objects: objects.filter(mayHoldSecrets).map(({ object }) => ({ object })),
    hooks: hooks.map(({ kind, manifest }) => ({ kind, manifest })),
    names,
  };
}

/** Warnings with secrets masked in all fields; the same ones if there is nothing to mask. */
export function maskWarnings<W extends MaskedWarning>(warnings: readonly W[], masker: Masker): W[] {
  return warnings.map((warning) => ({
    ...warning,
    message: masker.text(warning.message),
    ...(warning.object && { object: maskReference(warning.object, masker) }),
    ...(warning.path !== undefined && { path: masker.text(warning.path) }),
  }));
}

type MaskedWarning = Pick<Warning, 'message' | 'object' | 'path'>;
