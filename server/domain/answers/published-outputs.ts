import type { ClusterView } from '../kube/cluster-view.ts';
import type { JsonObject } from '../json/json.ts';
import type { ReleaseRecord } from '../release/release-record.ts';
import { MASK } from '../secrets/secret-values.ts';
import { type EvaluatedOutputs, evaluateOutputs, viewOfRelease } from '../outputs/evaluate-outputs.ts';

/**
 * The outputs of a release as they may be shown: those of its chart's own ReleaseConfig, overridden by the present
 * values of its `outputs` (decision 40: outputs of live objects), every secret as `***`.
 */
export function publishedOutputs(record: ReleaseRecord, view: Pick<ClusterView, 'get'>): EvaluatedOutputs {
  const shipped: JsonObject = record.facts?.outputConfigValues ?? {};
  if (Object.keys(record.outputs).length === 0) {
    return { values: shipped, missing: [] };
  }
  const { namespace, name: release, computedValues: values } = record;
  const own = viewOfRelease(view, { namespace, release });
  const live = evaluateOutputs(record.outputs, { namespace, release, values, view: own, secret: () => MASK });
  return { values: { ...shipped, ...live.values }, missing: live.missing };
}
