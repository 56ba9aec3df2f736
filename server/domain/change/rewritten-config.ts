import type { JsonObject } from '../json/json.ts';
import { metainfoOf } from '../metainfo/chart-metainfo.ts';
import type { HiddenContent, RecordedContent } from '../masking/hide-recorded.ts';
import { recordedContent, withOutputs } from '../release/recorded-content.ts';
import { recordedOutputs } from '../release/recorded-outputs.ts';
import { readRecordedRequest, type ManagedRevision } from '../request/recorded-request.ts';
import { buildReleaseConfig, type ReleaseConfigContent } from '../release/release-config.ts';
import type { RecordedRevision } from '../release/release-record.ts';
import { shippedLabels } from '../request/release-labels.ts';
import { secretRulesOf } from '../metainfo/secret-rules.ts';

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

/** What has to be hidden of a revision that renders nothing, before its ReleaseConfig is written. */
export function contentToHide(current: RecordedRevision, written: ManagedRevision | null): RecordedContent {
  const recorded = readRecordedRequest(current.config, written);
  const facts = written?.facts ?? null;
  const layers = facts === null ? [] : [facts.configValues, facts.commonValues, facts.dependenciesConfigValues];
  return recordedContent(current, {
    rules: secretRulesOf(current.schemas, metainfoOf(current.metaFiles), layers),
    layers: recorded,
    facts,
  });
}

/**
 * The ReleaseConfig of a revision that renders nothing: what Walm recorded last, with the values that really run, and
 * `hidden` in the place of what `contentToHide` said. A foreign release gets its first one (decision 5). An archive is
 * named only while it is what the release was made from: plain Helm may have brought in another version of the chart
 * since.
 */
export function rewrittenConfig(
  current: RecordedRevision,
  written: ManagedRevision | null,
  rewriting: Rewriting,
  hidden: HiddenContent,
): JsonObject {
  const facts = written?.facts ?? null;
  const source = facts?.source ?? null;
  const config = buildReleaseConfig({
    ...readRecordedRequest(current.config, written),
    ...rewriting,
    ...(facts && { shippedLabels: shippedLabels(facts) }),
    namespace: current.namespace,
    name: current.name,
    chart: { name: current.chartName, version: current.chartVersion, appVersion: current.appVersion },
    source: source?.version === current.chartVersion ? source : null,
    ...hidden.layers,
    injected: facts?.injected ?? [],
  });
  return withOutputs(config, recordedOutputs(current, facts), hidden);
}
