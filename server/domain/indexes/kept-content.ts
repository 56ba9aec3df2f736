import type { JsonValue } from '../json/json.ts';
import type { KubeObject } from '../kube/kube-object.ts';

/** Characters of an object that are not counted: most of what releases are made of is smaller. */
const EACH = 8 * 1024;
/** Characters of the objects of one namespace beyond that, all kinds together. */
const MAX_PER_NAMESPACE = 32 * 1024 * 1024;

/** Bounds the memory for the objects of each namespace: its editors can fill it with objects of a mebibyte each. */
export interface KeptContent {
  /** The object, or where its namespace has used up its share what it is called and nothing else. */
  takeIn(object: KubeObject): KubeObject;
  /** Forgets what `takeIn` answered. */
  letGo(object: KubeObject): void;
}

export function createKeptContent(maxPerNamespace = MAX_PER_NAMESPACE): KeptContent {
  const held = new Map<string, number>();
  const sizes = new WeakMap<KubeObject, number>();

  return {
    takeIn(object) {
      const size = Math.max(0, sizeOf(object as unknown as JsonValue) - EACH);
      const { namespace = '' } = object.metadata;
      const all = (held.get(namespace) ?? 0) + size;
      if (size === 0) {
        return object;
      }
      if (all > maxPerNamespace) {
        return nameOf(object);
      }
      held.set(namespace, all);
      sizes.set(object, size);
      return object;
    },
    letGo(object) {
      const { namespace = '' } = object.metadata;
      const left = (held.get(namespace) ?? 0) - (sizes.get(object) ?? 0);
      sizes.delete(object);
      if (left > 0) {
        held.set(namespace, left);
      } else {
        held.delete(namespace);
      }
    },
  };
}

function nameOf({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, generation, creationTimestamp } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(generation !== undefined && { generation }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
    },
  };
}

/** About as many characters as it is as JSON. */
function sizeOf(object: JsonValue): number {
  let size = 0;
  const left: JsonValue[] = [object];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value === 'string') {
      size += value.length;
    } else if (Array.isArray(value)) {
      left.push(...value);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, below] of Object.entries(value)) {
        size += key.length + 4;
        left.push(below);
      }
    } else {
      size += 4;
    }
  }
  return size;
}
