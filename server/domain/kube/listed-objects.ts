import { asObjects, asString } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';

/** The objects of a list: whatever has `items` is one to Kubernetes' decoder. */
export function listedObjects(list: JsonObject): JsonObject[] {
  return asObjects(list['items']).map((item) => withKindOf(list, item));
}

/** An item of a list; one that does not say what it is has the kind that follows from the list's, as a SecretList's. */
export function withKindOf(list: JsonObject, item: JsonObject): JsonObject {
  const isTyped = asString(item['kind']) !== '' || asString(item['apiVersion']) !== '';
  return isTyped
    ? item
    : { ...item, kind: asString(list['kind']).replace(/List$/, ''), apiVersion: asString(list['apiVersion']) };
}
