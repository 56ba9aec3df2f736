import { coresOf, type Quantity } from '../kube/quantity.ts';
import { floorOf, printQuantity, readQuantity, UNIT, ZERO } from '../kube/quantity-sum.ts';
import type { Amounts } from '../quotas/pod-amounts.ts';

/** Cores and Mi, as the original Walm shows amounts as numbers. */
export function unifiedAmounts(amounts: Amounts): { cpu: number; memory: number } {
  return {
    cpu: coresOf(amounts.get('cpu') ?? ZERO),
    memory: floorOf(amounts.get('memory') ?? ZERO, UNIT.mi),
  };
}

/** Resources whose amounts are bytes. */
const BYTES = /^(memory|ephemeral-storage|hugepages-.*|.*storage)$/;

/** The amounts as Kubernetes prints them; `always` are there though nothing is requested of them. */
export function printedAmounts(amounts: Amounts, always: readonly string[]): Record<string, string> {
  const names = [...new Set([...always, ...amounts.keys()])];
  return Object.fromEntries(names.map((name) => [name, printQuantity(amounts.get(name) ?? ZERO, BYTES.test(name))]));
}

/** A quantity as it was written; 0 for what is none. */
export function quantityOf(text: string): Quantity {
  return readQuantity(text) ?? ZERO;
}
