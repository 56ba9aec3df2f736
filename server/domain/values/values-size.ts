import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { problem } from '../errors/problem-error.ts';

/** Bytes of one object that etcd takes, by default: the ReleaseConfig holds the values as they are. */
export const MAX_VALUE_BYTES = 1_572_864;

/**
 * Refuses values that no ReleaseConfig can hold, before anything is rendered or written with them. What they take is not
 * counted to the byte, and never too high. @throws ProblemError RELEASE_TOO_LARGE
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

/** At least so many bytes the JSON of a value has. */
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
