import type { JsonObject, JsonValue } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';
import { MASK } from './secret-values.ts';

/** A Secret with every value replaced by `***` (decision 24: secret data is masked); other objects are unchanged. */
export function maskSecretObject(object: JsonObject): JsonObject {
  if (object['kind'] !== 'Secret' || object['apiVersion'] !== 'v1') {
    return object;
  }
  return {
    ...object,
    ...(object['data'] !== undefined && { data: maskEntries(object['data']) }),
    ...(object['stringData'] !== undefined && { stringData: maskEntries(object['stringData']) }),
  };
}

function maskEntries(data: JsonValue | undefined): JsonObject {
  return Object.fromEntries(Object.keys(asObject(data)).map((key) => [key, MASK]));
}
