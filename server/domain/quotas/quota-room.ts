import { asString, valueAt } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';
import { addQuantities, compareQuantities, subtractQuantities, ZERO } from '../kube/quantity-sum.ts';
import type { Quantity } from '../kube/quantity.ts';
import { manifestWorkloads } from './manifest-workloads.ts';
import { readAmounts } from './pod-amounts.ts';
import { quotaNeeds, type QuotaWorld, resourceName } from './quota-needs.ts';
import { type QuotaScope, scopesOf } from './quota-scopes.ts';

/** The object that a quota has no room for beside those that are made before it. */
export type OverQuota = { index: number; quota: string; resource: string };

/**
 * Finds the first of the objects, all of one namespace and in the order in which they are made, that a quota refuses when
 * it is made: the sum counts, which a check of one object at a time does not see. What controllers make of objects later
 * is refused to them, not to the release. Null: there is room.
 */
export function overQuota(
  objects: readonly JsonObject[],
  quotas: readonly JsonObject[],
  world: QuotaWorld,
): OverQuota | null {
  const limits = quotas.flatMap((quota) => {
    const used = readAmounts(valueAt(quota, 'status', 'used'));
    const name = asString(valueAt(quota, 'metadata', 'name'));
    const scopes = scopesOf(quota);
    return [...readAmounts(valueAt(quota, 'spec', 'hard'))].map(([resource, hard]) => {
      const room = subtractQuantities(hard, used.get(resource) ?? ZERO);
      return { quota: name, scopes, resource, room, taken: ZERO };
    });
  });
  for (const [index, object] of objects.entries()) {
    for (const limit of limits) {
      const amount = takenAtOnce(object, limit, world);
      if (compareQuantities(amount, ZERO) === 0) continue;
      limit.taken = addQuantities(limit.taken, amount);
      if (compareQuantities(limit.taken, limit.room) > 0) {
        return { index, quota: limit.quota, resource: limit.resource };
      }
    }
  }
  return null;
}

/** What an object takes at the moment when it is made. */
function takenAtOnce(
  object: JsonObject,
  { resource, scopes }: { resource: string; scopes: readonly QuotaScope[] },
  world: QuotaWorld,
): Quantity {
  if (resource.startsWith('count/')) {
    const counts = resourceName(object, world.pluralOf) === resource.slice('count/'.length);
    return counts ? ONE : ZERO;
  }
  const { kind } = object;
  if (kind === 'Pod' || manifestWorkloads([object]).length === 0) {
    return quotaNeeds([object], world).of(resource, scopes);
  }
  return kind === 'ReplicationController' && resource === 'replicationcontrollers' ? ONE : ZERO;
}

const ONE: Quantity = { numerator: 1n, denominator: 1n };
