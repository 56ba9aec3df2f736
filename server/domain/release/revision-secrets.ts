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

/** Takes what is secret in a revision out of what is shown of it. */
export type RevisionSecrets = {
  /** Values with every secret leaf as `***`, and with what else holds a secret without it. */
  values: (values: JsonObject) => JsonObject;
  /** Finds secrets wherever they occur. */
  masker: Masker;
};

/**
 * Knows what is secret in a revision: by the recorded chart, and by what Walm masked when it wrote it. Where plain Helm
 * wrote the revision, `writtenConfig` is the ReleaseConfig of the newest kept revision that Walm wrote.
 */
export function secretsOfRevision(
  revision: RecordedRevision,
  writtenConfig: JsonObject | null = revision.releaseConfig,
): RevisionSecrets {
  return secretsByFacts(revision, readReleaseFacts(writtenConfig));
}

/** The same where Walm's facts are known already, from whichever revision they are. */
export function secretsByFacts(
  revision: RecordedRevision,
  facts: Pick<ReleaseFacts, 'configValues' | 'commonValues' | 'dependenciesConfigValues'> | null,
): RevisionSecrets {
  const layers = facts === null ? [] : [facts.configValues, facts.commonValues, facts.dependenciesConfigValues];
  const rules = secretRulesOf(revision.schemas, metainfoOf(revision.metaFiles), layers);
  const masker = maskerOfRevision(revision, rules);
  return { masker, values: (values) => asObject(masker.json(maskSecretValues(values, rules))) };
}

/** The masker of what is secret in a revision: by the rules, and in the Secrets of its chart. */
export function maskerOfRevision(revision: RecordedRevision, rules: SecretRules): Masker {
  return maskerOfSources(sourcesOfRevision(revision, rules));
}

/** Where the secrets of a revision are looked for: no more of it than that. */
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

/** Warnings without secrets, in whichever of their fields; where nothing has to be taken out, the same. */
export function maskWarnings<W extends MaskedWarning>(warnings: readonly W[], masker: Masker): W[] {
  return warnings.map((warning) => ({
    ...warning,
    message: masker.text(warning.message),
    ...(warning.object && { object: maskReference(warning.object, masker) }),
    ...(warning.path !== undefined && { path: masker.text(warning.path) }),
  }));
}

type MaskedWarning = Pick<Warning, 'message' | 'object' | 'path'>;
