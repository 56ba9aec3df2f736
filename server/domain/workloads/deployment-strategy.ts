import type { JsonObject } from '../json/json.ts';
import { asObject, asString } from '../json/json-reading.ts';
import { parseApiVersion } from '../kube/kube-object.ts';
import type { DocumentChanges, ManifestDocument } from '../kube/manifest-document.ts';
import { sortedJson } from '../json/sorted-json.ts';

const GROUPS = new Set(['apps', 'extensions']);

/**
 * Sets the rollout strategy of a request (`type`, `maxSurge`, `maxUnavailable`) on Deployments (decision 35: strategy);
 * fields that it omits stay as in the chart. `Recreate` removes the parameters of a rolling update: the explicit null
 * makes server-side apply drop those that the cluster filled in.
 */
export function writeStrategy(documents: readonly ManifestDocument[], strategy: JsonObject): DocumentChanges {
  const changed = documents.flatMap(({ index, apiVersion, kind, hook, object }) => {
    if (kind !== 'Deployment' || !GROUPS.has(parseApiVersion(apiVersion).group) || hook !== undefined) {
      return [];
    }
    const spec = asObject(object['spec']);
    const before = asObject(spec['strategy']);
    const after = strategyOver(before, strategy);
    return sortedJson(after) === sortedJson(before)
      ? []
      : [{ index, object: { ...object, spec: { ...spec, strategy: after } } }];
  });
  return { changed, added: [], warnings: [] };
}

function strategyOver(before: JsonObject, { type, maxSurge, maxUnavailable }: JsonObject): JsonObject {
  const limits = {
    ...((maxSurge ?? null) !== null && { maxSurge }),
    ...((maxUnavailable ?? null) !== null && { maxUnavailable }),
  };
  const chosen = asString(type) || (Object.keys(limits).length > 0 ? 'RollingUpdate' : asString(before['type']));
  if (chosen === 'Recreate') {
    return { type: chosen, rollingUpdate: null };
  }
  const rolling = { ...asObject(before['rollingUpdate']), ...limits };
  return {
    ...before,
    ...(chosen !== '' && { type: chosen }),
    ...(Object.keys(rolling).length > 0 && { rollingUpdate: rolling }),
  };
}
