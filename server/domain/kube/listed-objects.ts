import { asObjects, asString } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';

/** The objects of a list: Kubernetes' decoder treats anything with `items` as one. */
export function listedObjects(list: JsonObject): JsonObject[] {
  return asObjects(list['items']).map((item) => withKindOf(list, item));
}

/**
 * An item of a list; without a kind of its own it gets the one that follows from the list's kind, such as SecretList.
 */
export function withKindOf(list: JsonObject, item: JsonObject): JsonObject {
  const isTyped = asString(item['kind']) !== '' || asString(item['apiVersion']) !== '';
  return isTyped
    ? item
    : { ...item, kind: asString(list['kind']).replace(/List$/, ''), apiVersion: asString(list['apiVersion']) };
}
