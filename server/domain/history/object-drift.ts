import type { ObjectDrift } from '../../../contract/schemas/release-check.ts';
import type { JsonObject } from '../json/json.ts';
import { maskReference } from '../masking/mask-reference.ts';
import { type Masker, NO_SECRETS } from '../masking/masker.ts';
import { differObject } from './object-difference.ts';

/** A recorded object beside the one that runs, and what applying it again would make of that one. */
export type ComparedWithLive = {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  live: JsonObject | null;
  applied: JsonObject | null;
  outcome: 'compared' | 'missing' | 'forbidden' | 'unknown';
  /** Why nothing is known of it; empty otherwise. */
  message: string;
};

/** Counted and filled in by the cluster itself. */
const BOOKKEEPING = /^\/(status|metadata\/(generation|resourceVersion|managedFields|creationTimestamp|uid))(\/|$)/;

/**
 * Tells what was changed in an object since Helm applied it; Secrets show that, and nothing of what they hold. `mayBeGone`
 * tells of a Job that removes itself.
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
