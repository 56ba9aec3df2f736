import type { JsonObject } from '../json/json.ts';

/** Rewrites an object for the newer API version; `from` is the version it has. @throws NotConvertible */
export type Convert = (object: JsonObject, from: string) => JsonObject;

/** How objects of a kind are converted from withdrawn API versions to their successors. */
export type Conversion = {
  kind: string;
  from: readonly string[];
  /** Newest first; the first one that the cluster serves is used. All have the same shape. */
  to: readonly string[];
  /** Absent: only `apiVersion` changes. */
  convert?: Convert;
};

/** Why an object cannot be expressed in a newer API version: a sentence without the object's name. */
export class NotConvertible extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotConvertible';
  }
}
