import { wasInForce } from '../revisions/applied-revision.ts';
import type { RevisionSummary } from '../../../contract/schemas/release-history.ts';
import type { JsonObject } from '../json/json.ts';
import { asString, asTextMap, valueAt } from '../json/json-reading.ts';
import { maskWarnings, type RevisionSecrets } from '../release/revision-secrets.ts';
import { readRecordedWarnings } from '../release/recorded-warnings.ts';
import { CALLER_ANNOTATION, CAUSE_ANNOTATION, TASK_ANNOTATION } from '../release/release-config.ts';
import { readReleaseFacts } from '../release/release-facts.ts';
import type { RecordedRevision } from '../release/recorded-revision.ts';

/** How a history shows a revision: its cause and caller come from its ReleaseConfig. */
export function summarizeRevision(revision: RecordedRevision, { masker }: RevisionSecrets): RevisionSummary {
  const isOurs = readReleaseFacts(revision.releaseConfig) !== null;
  const annotations = isOurs ? asTextMap(valueAt(revision.releaseConfig ?? {}, 'metadata', 'annotations')) : {};
  return {
    revision: revision.revision,
    status: revision.status,
    applied: wasInForce(revision),
    chartName: revision.chartName,
    chartVersion: revision.chartVersion,
    chartAppVersion: revision.appVersion,
    updated: revision.updated,
    description: masker.text(revision.description),
    cause: masker.text(annotations[CAUSE_ANNOTATION] ?? revision.description),
    caller: annotations[CALLER_ANNOTATION] ?? null,
    task: annotations[TASK_ANNOTATION] ?? null,
    outside: !isOurs,
    warnings: maskWarnings(readRecordedWarnings(annotations), masker),
  };
}

/** The user's values of a revision as they may be shown: from Walm's facts, or as recorded by plain Helm. */
export function shownConfigValues(revision: RecordedRevision, secrets: RevisionSecrets): JsonObject {
  return secrets.values(readReleaseFacts(revision.releaseConfig)?.configValues ?? revision.config);
}

/** Keys under which the recorded chart's subcharts have their values. */
export function subchartNames(chartMetadata: JsonObject): string[] {
  const dependencies = valueAt(chartMetadata, 'dependencies');
  return (Array.isArray(dependencies) ? dependencies : []).map(
    (dependency) => asString(valueAt(dependency, 'alias')) || asString(valueAt(dependency, 'name')),
  );
}
