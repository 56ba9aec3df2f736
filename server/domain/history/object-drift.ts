import type { ObjectDrift } from '../../../contract/schemas/release-check.ts';
import type { JsonObject } from '../json/json.ts';
import { maskReference } from '../masking/mask-reference.ts';
import { type Masker, NO_SECRETS } from '../masking/masker.ts';
import { differObject } from './object-difference.ts';

/** A recorded object next to the live one, and the result of applying it again. */
export type ComparedWithLive = {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  live: JsonObject | null;
  applied: JsonObject | null;
  outcome: 'compared' | 'missing' | 'forbidden' | 'unknown';
  /** Why the state is unknown; empty otherwise. */
  message: string;
};

/** Fields that the cluster counts or fills in. */
const BOOKKEEPING = /^\/(status|metadata\/(generation|resourceVersion|managedFields|creationTimestamp|uid))(\/|$)/;

/**
 * The changes of an object since Helm applied it; for Secrets only that they changed. `mayBeGone` says whether the
 * object may be missing, such as a Job that deletes itself.
 */
export function objectDrift(
  { apiVersion, kind, namespace, name, live, applied, outcome, message }: ComparedWithLive,
  masker: Masker = NO_SECRETS,
  mayBeGone = false,
): ObjectDrift {
  const ref = maskReference({ apiVersion, kind, namespace, name }, masker);
  const reason = masker.text(message);
  if (outcome === 'missing' && mayBeGone) {
    return { ...ref, state: 'in sync', differences: [], message: 'it is done, and has removed itself' };
  }
  if (outcome !== 'compared' || live === null || applied === null) {
    return { ...ref, state: outcome === 'compared' ? 'unknown' : outcome, differences: [], message: reason };
  }
  const differences = differObject(applied, live, masker).filter(({ path }) => !BOOKKEEPING.test(path));
  return { ...ref, state: differences.length === 0 ? 'in sync' : 'changed', differences, message: reason };
}
