import type { ObjectDrift } from '../../contract/release-check.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { differObject } from './object-difference.ts';

/** A recorded object beside the one that runs, and what applying it again would make of that one. */
export type ComparedWithLive = {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  live: JsonObject | null;
  applied: JsonObject | null;
  /** Why `applied` is not known; empty otherwise. */
  message: string;
};

/** Counted and filled in by the cluster itself. */
const BOOKKEEPING = /^\/(status|metadata\/(generation|resourceVersion|managedFields|creationTimestamp|uid))(\/|$)/;

/** Tells what was changed in an object since Helm applied it; Secrets show that, and nothing of what they hold. */
export function objectDrift(
  { apiVersion, kind, namespace, name, live, applied, message }: ComparedWithLive,
  redact: (value: JsonValue) => JsonValue = (value) => value,
): ObjectDrift {
  const ref = { apiVersion, kind, namespace, name };
  if (live === null) {
    return { ...ref, state: 'missing', differences: [], message };
  }
  if (applied === null) {
    return { ...ref, state: 'unknown', differences: [], message };
  }
  const differences = differObject(applied, live, redact).filter(({ path }) => !BOOKKEEPING.test(path));
  return { ...ref, state: differences.length === 0 ? 'in sync' : 'changed', differences, message };
}
