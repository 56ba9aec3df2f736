import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { problem } from '../errors/problem-error.ts';

/** etcd's default limit for one object in bytes: the ReleaseConfig contains the values. */
export const MAX_VALUE_BYTES = 1_572_864;

/**
 * Refuses values that do not fit into a ReleaseConfig, before anything is rendered or written. Their size is estimated,
 * never too high.
 * @throws ProblemError RELEASE_TOO_LARGE
 */
export function refuseLargeValues(values: JsonObject, name: string, namespace: string): void {
  const bytes = minBytes(values);
  if (bytes > MAX_VALUE_BYTES) {
    throw problem(
      'RELEASE_TOO_LARGE',
      `the values of release ${name} in namespace ${namespace} take ${bytes} bytes, and Kubernetes keeps ${MAX_VALUE_BYTES} in one object: put large files into the chart, or into a ConfigMap that the chart names`,
      { values: bytes, limit: MAX_VALUE_BYTES },
    );
  }
}

/** A lower bound of the size in bytes of a value's JSON. */
function minBytes(value: JsonValue): number {
  if (typeof value === 'string') {
    return value.length + 2;
  }
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, entry) => sum + minBytes(entry) + 1, 1);
  }
  if (isJsonObject(value)) {
    return Object.keys(value).reduce((sum, key) => sum + key.length + 4 + minBytes(value[key] as JsonValue), 1);
  }
  return 1;
}
