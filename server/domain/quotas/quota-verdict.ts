import type { QuotaLimit, QuotaVerdict } from '../../../contract/schemas/resource-totals.ts';
import { asString, valueAt } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';
import { readAmounts } from './pod-amounts.ts';
import type { Quantity } from '../kube/quantity.ts';
import { compareQuantities, maxQuantity, printQuantity, subtractQuantities, ZERO } from '../kube/quantity-sum.ts';
import type { QuotaNeeds } from './quota-needs.ts';
import { printScope, scopesOf } from './quota-scopes.ts';

/** `requests.memory`, `limits.ephemeral-storage`, `gold.storageclass.storage.k8s.io/requests.storage`. */
const BYTES = /(^|[./])(memory|storage|ephemeral-storage)$|hugepages-/;

/**
 * The quotas of one namespace, and the resources of a release there now (`before`; nothing for an install) and
 * afterwards.
 */
export type QuotaPart = { namespace: string; quotas: readonly JsonObject[]; needs: QuotaNeeds; before?: QuotaNeeds };

/**
 * Whether ResourceQuotas have room for the resources that a release needs beyond its present ones. A quota on cpu or
 * memory also refuses pods without a value for it. Reasons name the namespace of a quota unless it is `home`.
 */
export function quotaVerdict(home: string, parts: readonly QuotaPart[]): QuotaVerdict {
  const judged = parts.flatMap(({ quotas, ...part }) => quotas.map((quota) => judge(home, part, quota)));
  const reasons = judged.flatMap((one) => one.reasons);
  return { fits: reasons.length === 0, reasons, quotas: judged.map(({ quota }) => quota) };
}

function judge(home: string, { namespace, needs, before }: Omit<QuotaPart, 'quotas'>, quota: JsonObject) {
  const reasons: string[] = [];
  const name = asString(valueAt(quota, 'metadata', 'name'));
  const called = namespace === home ? `quota ${name}` : `quota ${namespace}/${name}`;
  const scopes = scopesOf(quota);
  const used = readAmounts(valueAt(quota, 'status', 'used'));
  const limits = [...readAmounts(valueAt(quota, 'spec', 'hard'))].map(([resource, hard]): QuotaLimit => {
    const taken = used.get(resource) ?? ZERO;
    const growth = subtractQuantities(needs.of(resource, scopes), before?.of(resource, scopes) ?? ZERO);
    const needed = maxQuantity(growth, ZERO);
    const remaining = subtractQuantities(hard, taken);
    const silent = needs.silentOn(resource, scopes);
    const hasRoom = compareQuantities(needed, ZERO) === 0 || compareQuantities(needed, remaining) <= 0;
    const print = (quantity: Quantity) => printQuantity(quantity, BYTES.test(resource));
    if (!hasRoom) {
      reasons.push(`${called}: ${resource} needs ${print(needed)} and ${print(remaining)} of ${print(hard)} remain`);
    }
    if (silent.length > 0) {
      reasons.push(`${called}: every container must say ${resource}: ${silent.join(', ')}`);
    }
    return {
      resource,
      hard: print(hard),
      used: print(taken),
      needed: print(needed),
      remaining: print(remaining),
      fits: hasRoom && silent.length === 0,
    };
  });
  return { reasons, quota: { namespace, name, scopes: scopes.map(printScope), limits } };
}
