import type { JsonObject } from '../json/json.ts';

/** Rewrites an object for the newer API version; `from` is the version it has. @throws NotConvertible */
export type Convert = (object: JsonObject, from: string) => JsonObject;

/** How one kind moves from API versions that clusters withdrew to those that replaced them. */
export type Conversion = {
  kind: string;
  from: readonly string[];
  /** Newest first; the first one that the cluster serves is taken. All have the same shape. */
  to: readonly string[];
  /** Absent: nothing but `apiVersion` changes. */
  convert?: Convert;
};

/** Why an object cannot be said in a newer API version: a sentence without the object's name. */
export class NotConvertible extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotConvertible';
  }
}
