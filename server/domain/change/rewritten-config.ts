import type { JsonObject } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';
import { metainfoOf } from '../metainfo/chart-metainfo.ts';
import { maskerOfRevision } from '../release/revision-secrets.ts';
import { hiddenOutputs, recordedOutputs } from '../release/recorded-outputs.ts';
import { readRecordedRequest, type WrittenRevision } from '../request/recorded-request.ts';
import { buildReleaseConfig, type ReleaseConfigContent } from '../release/release-config.ts';
import type { RecordedRevision } from '../release/release-record.ts';
import { shippedLabels } from '../request/release-labels.ts';
import { secretRulesOf } from '../metainfo/secret-rules.ts';
import { maskSecretValues } from '../secrets/secret-values.ts';

/** What a rewrite does, and the operation that its seal names. */
const REWRITES = {
  adopted: 'adopt',
  detached: 'detach',
  held: 'hold',
  paused: 'pause',
  recovered: 'recover',
  relabelled: 'relabel',
} as const;

/** What a rewrite does. */
export type RewriteCause = keyof typeof REWRITES;

/** The operation that the seal of a rewritten revision names. */
export function operationOf(cause: RewriteCause): string {
  return REWRITES[cause];
}

/** Whether an operation that a seal names made its revision out of recorded documents. */
export function isRewriteOperation(operation: string): boolean {
  return Object.values<string>(REWRITES).includes(operation);
}

/** What a revision that renders nothing says of itself, and what it changes of what is recorded. */
export type Rewriting = Pick<ReleaseConfigContent, 'taskId' | 'cause' | 'caller' | 'warnings'> &
  Partial<Pick<ReleaseConfigContent, 'plugins' | 'pause' | 'held' | 'releaseLabels' | 'removedLabels'>>;

/**
 * The ReleaseConfig of a revision that renders nothing: what Walm recorded last, with the values that really run. A
 * foreign release gets its first one (decision 5). An archive is named only while it is what the release was made
 * from: plain Helm may have brought in another version of the chart since.
 */
export function rewrittenConfig(
  current: RecordedRevision,
  written: WrittenRevision | null,
  rewriting: Rewriting,
): JsonObject {
  const recorded = readRecordedRequest(current.config, written);
  const facts = written?.facts ?? null;
  const layers = facts === null ? [] : [facts.configValues, facts.commonValues, facts.dependenciesConfigValues];
  const rules = secretRulesOf(current.schemas, metainfoOf(current.metaFiles), layers);
  const masker = maskerOfRevision(current, rules);
  const mask = (layer: JsonObject) => asObject(masker.json(maskSecretValues(layer, rules), true));
  const source = facts?.source ?? null;
  const config = buildReleaseConfig({
    ...recorded,
    ...rewriting,
    ...(facts && { shippedLabels: shippedLabels(facts) }),
    namespace: current.namespace,
    name: current.name,
    chart: { name: current.chartName, version: current.chartVersion, appVersion: current.appVersion },
    source: source?.version === current.chartVersion ? source : null,
    configValues: mask(recorded.configValues),
    commonValues: mask(recorded.commonValues),
    dependenciesConfigValues: mask(recorded.dependenciesConfigValues),
    injected: facts?.injected ?? [],
  });
  return {
    ...config,
    spec: { ...asObject(config['spec']), ...hiddenOutputs(recordedOutputs(current, facts), current, rules) },
  };
}
