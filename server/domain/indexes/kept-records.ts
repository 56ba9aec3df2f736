import { jsonSize } from '../json/json-size.ts';
import { parseReleaseKey, type ReleaseKey } from '../names/release-key.ts';
import { partsOf, type ReleaseRecord } from '../release/release-record.ts';

/** What is kept of the records of one namespace: objects, dependencies and outputs, and bytes as JSON. */
export type KeptAmounts = { parts: number; bytes: number };

/** Of each record this much is not counted: most have less. */
const EACH: KeptAmounts = { parts: 100, bytes: 16 * 1024 };
/** What the records of one namespace have beyond that, together. */
const MAX_PER_NAMESPACE: KeptAmounts = { parts: 50_000, bytes: 32 * 1024 * 1024 };

/**
 * Limits the memory for the records of each namespace, and the time for listing them. Its editors can write any number
 * of records, each as large as a record may be.
 */
export interface KeptRecords {
  /** Null: it is kept. Otherwise why it is not: the records of its namespace would be more than they may. */
  takeIn(record: ReleaseRecord): string | null;
  /** Forgets a release. */
  letGo(key: ReleaseKey): void;
  /** Of those that were refused as many as there is room for now, together. */
  welcome(namespace: string): ReleaseKey[];
}

export function createKeptRecords(max: KeptAmounts = MAX_PER_NAMESPACE): KeptRecords {
  const held = new Map<string, Map<ReleaseKey, KeptAmounts>>();
  const sums = new Map<string, KeptAmounts>();
  const refused = new Map<string, Map<ReleaseKey, KeptAmounts>>();

  const sumOf = (namespace: string): KeptAmounts => sums.get(namespace) ?? { parts: 0, bytes: 0 };

  function add(namespace: string, { parts, bytes }: KeptAmounts, sign: 1 | -1): void {
    const before = sumOf(namespace);
    const after = { parts: before.parts + sign * parts, bytes: before.bytes + sign * bytes };
    if (after.parts === 0 && after.bytes === 0) {
      sums.delete(namespace);
    } else {
      sums.set(namespace, after);
    }
  }

  function fits(sum: KeptAmounts, { parts, bytes }: KeptAmounts): boolean {
    const isSmall = parts === 0 && bytes === 0;
    return isSmall || (sum.parts + parts <= max.parts && sum.bytes + bytes <= max.bytes);
  }

  function letGo(key: ReleaseKey): void {
    const { namespace } = parseReleaseKey(key);
    const amounts = take(held, namespace, key);
    if (amounts !== undefined) {
      add(namespace, amounts, -1);
    }
    take(refused, namespace, key);
  }

  return {
    letGo,
    takeIn(record) {
      const { key, namespace } = record;
      letGo(key);
      const amounts = amountsOf(record, max.bytes);
      if (!fits(sumOf(namespace), amounts)) {
        put(refused, namespace, key, amounts);
        return tooMuch(namespace, max);
      }
      if (amounts.parts > 0 || amounts.bytes > 0) {
        add(namespace, amounts, 1);
        put(held, namespace, key, amounts);
      }
      return null;
    },
    welcome(namespace) {
      const sum = { ...sumOf(namespace) };
      const keys: ReleaseKey[] = [];
      for (const [key, amounts] of refused.get(namespace) ?? []) {
        if (fits(sum, amounts)) {
          sum.parts += amounts.parts;
          sum.bytes += amounts.bytes;
          keys.push(key);
        }
      }
      return keys;
    },
  };
}

function amountsOf({ masker: _masker, ...record }: ReleaseRecord, max: number): KeptAmounts {
  return {
    parts: Math.max(0, partsOf(record) - EACH.parts),
    bytes: Math.max(0, jsonSize(record, max) - EACH.bytes),
  };
}

function tooMuch(namespace: string, { parts, bytes }: KeptAmounts): string {
  const amounts = `${parts} objects and dependencies, and ${bytes / 1024 / 1024} MiB`;
  return `the releases of namespace ${namespace} are more than Walm keeps of one (${amounts}, beyond what is usual)`;
}

type ByNamespace = Map<string, Map<ReleaseKey, KeptAmounts>>;

function put(all: ByNamespace, namespace: string, key: ReleaseKey, amounts: KeptAmounts): void {
  const own = all.get(namespace) ?? new Map<ReleaseKey, KeptAmounts>();
  all.set(namespace, own.set(key, amounts));
}

function take(all: ByNamespace, namespace: string, key: ReleaseKey): KeptAmounts | undefined {
  const own = all.get(namespace);
  const amounts = own?.get(key);
  own?.delete(key);
  if (own?.size === 0) {
    all.delete(namespace);
  }
  return amounts;
}
