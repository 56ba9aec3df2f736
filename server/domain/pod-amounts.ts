import { asObject, asObjects } from './json-reading.ts';
import type { JsonObject } from './json.ts';
import type { Quantity } from './quantity.ts';
import { addQuantities, maxQuantity, readQuantity } from './quantity-sum.ts';

/** How much of each resource (`cpu`, `memory`, `nvidia.com/gpu`, …). */
export type Amounts = ReadonlyMap<string, Quantity>;

/** What one container asks for. */
export type ContainerAmounts = { requests: Amounts; limits: Amounts };

/** What the manifest says of a container; what is no quantity counts as not said. */
export function containerAmounts(container: JsonObject): ContainerAmounts {
  const resources = asObject(container['resources']);
  return { requests: readAmounts(resources['requests']), limits: readAmounts(resources['limits']) };
}

/** A map of quantities, as `resources.requests` and `spec.hard` hold it. */
export function readAmounts(value: JsonObject[string] | undefined): Amounts {
  const entries = Object.entries(asObject(value)).flatMap(([name, text]): [string, Quantity][] => {
    const quantity = readQuantity(text);
    return quantity === undefined ? [] : [[name, quantity]];
  });
  return new Map(entries);
}

/** Per resource, the sum of both. */
export function addAmounts(a: Amounts, b: Amounts): Amounts {
  return combine(a, b, addQuantities);
}

/**
 * What one pod takes: the sum over its containers, and at least what any init container takes, per resource. An init
 * container that keeps running (`restartPolicy: Always`) counts as a container, as Kubernetes counts it.
 */
export function podAmounts(podSpec: JsonObject, read: (container: JsonObject) => Amounts): Amounts {
  const inits = asObjects(podSpec['initContainers']);
  const staying = inits.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const passing = inits.filter(({ restartPolicy }) => restartPolicy !== 'Always');
  const running = [...asObjects(podSpec['containers']), ...staying].map(read).reduce(addAmounts, new Map());
  return passing.map(read).reduce((most, amounts) => combine(most, amounts, maxQuantity), running);
}

function combine(a: Amounts, b: Amounts, join: (x: Quantity, y: Quantity) => Quantity): Amounts {
  const joined = new Map(a);
  for (const [name, quantity] of b) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? quantity : join(before, quantity));
  }
  return joined;
}
