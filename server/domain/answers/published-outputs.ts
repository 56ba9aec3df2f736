import type { ClusterView } from '../kube/cluster-view.ts';
import type { JsonObject } from '../json/json.ts';
import type { ReleaseRecord } from '../release/release-record.ts';
import { MASK } from '../secrets/secret-values.ts';
import { type EvaluatedOutputs, evaluateOutputs } from '../outputs/evaluate-outputs.ts';

/**
 * What a release publishes as it may be shown: what its chart's own ReleaseConfig says, and over it what its `outputs`
 * are now (decision 40), every secret as `***`.
 */
export function publishedOutputs(record: ReleaseRecord, view: Pick<ClusterView, 'get'>): EvaluatedOutputs {
  const shipped: JsonObject = record.facts?.outputConfigValues ?? {};
  if (Object.keys(record.outputs).length === 0) {
    return { values: shipped, missing: [] };
  }
  const { namespace, name: release, computedValues: values } = record;
  const live = evaluateOutputs(record.outputs, { namespace, release, values, view, secret: () => MASK });
  return { values: { ...shipped, ...live.values }, missing: live.missing };
}
