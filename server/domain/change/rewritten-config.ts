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

/** The rewrites, and the operation that the seal of each names. */
const REWRITES = {
  adopted: 'adopt',
  detached: 'detach',
  held: 'hold',
  paused: 'pause',
  recovered: 'recover',
  relabelled: 'relabel',
} as const;

/** The kind of a rewrite. */
export type RewriteCause = keyof typeof REWRITES;

/** The operation that the seal of a rewritten revision names. */
export function operationOf(cause: RewriteCause): string {
  return REWRITES[cause];
}

/** Whether an operation named by a seal made its revision from recorded documents. */
export function isRewriteOperation(operation: string): boolean {
  return Object.values<string>(REWRITES).includes(operation);
}

/** The facts of a revision written without rendering, and what it changes of the recorded ones. */
export type Rewriting = Pick<ReleaseConfigContent, 'taskId' | 'cause' | 'caller' | 'warnings'> &
  Partial<Pick<ReleaseConfigContent, 'plugins' | 'pause' | 'held' | 'releaseLabels' | 'removedLabels'>>;

/**
 * The content of a revision written without rendering whose secrets have to be hidden before its ReleaseConfig is
 * written.
 */
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
 * The ReleaseConfig of a revision written without rendering: Walm's newest facts with the applied values, and `hidden`
 * in place of the content that `contentToHide` returned. A foreign release gets its first one (decision 5: changes made
 * outside Walm). An archive is named only while the release is made from it: plain Helm may have installed another
 * version of the chart since.
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
