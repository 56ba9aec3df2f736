import type { RevisionSummary } from '../../contract/release-history.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { asString, asTextMap, valueAt } from './json-reading.ts';
import { redactJson, redactText } from './redact-secrets.ts';
import { metainfoOf } from './chart-metainfo.ts';
import { readRecordedWarnings } from './recorded-warnings.ts';
import { CALLER_ANNOTATION, CAUSE_ANNOTATION, TASK_ANNOTATION } from './release-config.ts';
import { readReleaseFacts, type ReleaseFacts } from './release-facts.ts';
import type { RecordedRevision } from './release-record.ts';
import { secretRulesOf } from './secret-rules.ts';
import { maskSecretValues } from './secret-values.ts';

/** Takes what is secret in a revision out of what is shown of it. */
export type RevisionSecrets = {
  /** Values with every secret leaf as `***`. */
  values: (values: JsonObject) => JsonObject;
  /** Secret values wherever they occur in a text, or in the texts of anything else. */
  text: (text: string) => string;
  json: (value: JsonValue) => JsonValue;
};

/** What a history shows of a revision: why it was written, and by whom, stands in its ReleaseConfig. */
export function summarizeRevision(revision: RecordedRevision): RevisionSummary {
  const isOurs = readReleaseFacts(revision.releaseConfig) !== null;
  const annotations = isOurs ? asTextMap(valueAt(revision.releaseConfig ?? {}, 'metadata', 'annotations')) : {};
  return {
    revision: revision.revision,
    status: revision.status,
    chartName: revision.chartName,
    chartVersion: revision.chartVersion,
    chartAppVersion: revision.appVersion,
    updated: revision.updated,
    description: revision.description,
    cause: annotations[CAUSE_ANNOTATION] ?? revision.description,
    caller: annotations[CALLER_ANNOTATION] ?? null,
    task: annotations[TASK_ANNOTATION] ?? null,
    outside: !isOurs,
    warnings: readRecordedWarnings(annotations),
  };
}

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
  return {
    values: (values) => maskSecretValues(values, rules),
    text: (text) => redactText(text, revision.computedValues, rules),
    json: (value) => redactJson(value, revision.computedValues, rules),
  };
}

/** The user's values of a revision as they may be shown: Walm's own layer, or what plain Helm recorded. */
export function shownConfigValues(revision: RecordedRevision, secrets: RevisionSecrets): JsonObject {
  return readReleaseFacts(revision.releaseConfig)?.configValues ?? secrets.values(revision.config);
}

/** Names under which the recorded chart's subcharts have their values. */
export function subchartNames(chartMetadata: JsonObject): string[] {
  const dependencies = valueAt(chartMetadata, 'dependencies');
  return (Array.isArray(dependencies) ? dependencies : []).map(
    (dependency) => asString(valueAt(dependency, 'alias')) || asString(valueAt(dependency, 'name')),
  );
}
