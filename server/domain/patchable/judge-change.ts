import { toPointer } from '../../../contract/json-pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { ownValue } from '../json/json-reading.ts';
import type { PathRules } from './pod-paths.ts';
import type { Place, ValueRule } from './value-rule.ts';

/** A change that is not allowed: its path, and what would be allowed. */
export type Refusal = { path: string; allowed: string };

/** Rules as a tree: one node per step. */
type RuleNode = { rule?: ValueRule; steps: Map<string, RuleNode> };

/** Maximum refusals reported for one change. */
const MAX_REFUSALS = 5;
/** Lists whose entries are identified by a field; for those in `ORDERED` the order has to stay. */
const KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
};
const ORDERED = new Set(['containers', 'initContainers']);

/**
 * Every path where `after` differs from `before` although no rule allows it, at most five. The difference is judged and
 * not the patch, so no kind of patch is a way around the rules; the cost is linear in the size of both. If nothing is
 * refused, everything without a rule is unchanged.
 */
export function judgeChange(
  before: JsonObject,
  after: JsonObject,
  rules: PathRules,
  metadataDomains: readonly string[],
): Refusal[] {
  const found: Refusal[] = [];
  const roots = { before: { root: before, path: [] }, after: { root: after, path: [] } };
  walk(before, after, treeOf(rules), roots, { found, metadataDomains });
  return found;
}

type Sides = { before: Place; after: Place };
type Run = { found: Refusal[]; metadataDomains: readonly string[] };

function walk(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  node: RuleNode | undefined,
  sides: Sides,
  run: Run,
): void {
  if (run.found.length >= MAX_REFUSALS || before === after) {
    return;
  }
  if (node === undefined || node.steps.size === 0) {
    if (!isSame(before, after) && node?.rule?.allows(before, after, { ...sides, ...run }) !== true) {
      refuse(run, sides, node?.rule?.says ?? 'nothing');
    }
    return;
  }
  // Kubernetes treats null as absent; so does this function if a rule leads further down.
  const [old, now] = [before ?? undefined, after ?? undefined];
  if (isListOrAbsent(old) && isListOrAbsent(now)) {
    walkList(old ?? [], now ?? [], node, sides, run);
  } else if (isObjectOrAbsent(old) && isObjectOrAbsent(now)) {
    const keys = new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})]);
    for (const key of keys) {
      walk(ownValue(old, key), ownValue(now, key), stepOf(node, key), inside(sides, key, key), run);
    }
  } else if (!isSame(before, after)) {
    refuse(run, sides, childrenOf(node));
  }
}

function walkList(old: readonly JsonValue[], now: readonly JsonValue[], node: RuleNode, sides: Sides, run: Run): void {
  const field = String(sides.after.path.at(-1));
  const [before, after] = [positions(old, field), positions(now, field)];
  const child = node.steps.get('*');
  if (before === null || after === null) {
    for (let at = 0; at < Math.max(old.length, now.length); at++) {
      walk(old[at], now[at], child, inside(sides, at < old.length ? at : -1, at < now.length ? at : -1), run);
    }
    return;
  }
  if (ORDERED.has(field) && !keepsOrder(before, after)) {
    refuse(run, sides, 'the order that is there, with new entries anywhere');
  }
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const [a, b] = [before.get(id) ?? -1, after.get(id) ?? -1];
    walk(old[a], now[b], child, inside(sides, a, b), run);
  }
}

/** The positions of entries by their identifying field; null if one is not unique. */
function positions(list: readonly JsonValue[], field: string): Map<string, number> | null {
  const key = Object.hasOwn(KEYS, field) ? KEYS[field] : undefined;
  const found = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const id = key !== undefined && isJsonObject(item) && Object.hasOwn(item, key) ? item[key] : undefined;
    if (typeof id !== 'string' || found.has(id)) {
      return null;
    }
    found.set(id, index);
  }
  return found;
}

function keepsOrder(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): boolean {
  const stayed = [...after.keys()].filter((id) => before.has(id)).map((id) => before.get(id) ?? 0);
  return stayed.every((position, at) => at === 0 || position > (stayed[at - 1] ?? 0));
}

function inside({ before, after }: Sides, old: string | number, now: string | number): Sides {
  return {
    before: { root: before.root, path: [...before.path, old] },
    after: { root: after.root, path: [...after.path, now] },
  };
}

function isListOrAbsent(value: JsonValue | undefined): value is JsonValue[] | undefined {
  return value === undefined || Array.isArray(value);
}

function isObjectOrAbsent(value: JsonValue | undefined): value is JsonObject | undefined {
  return value === undefined || isJsonObject(value);
}

function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  }
  if (isJsonObject(a) && isJsonObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => isSame(a[key], ownValue(b, key)));
  }
  return false;
}

function refuse(run: Run, { before, after }: Sides, allowed: string): void {
  const steps = after.path.map((step, at) => (step === -1 ? before.path[at] : step) ?? step);
  run.found.push({ path: toPointer(steps), allowed });
}

function childrenOf({ steps }: RuleNode): string {
  return `its ${[...steps.keys()].join(', ')}`;
}

function stepOf({ steps }: RuleNode, key: string): RuleNode | undefined {
  return steps.get(key) ?? steps.get('*');
}

const trees = new WeakMap<PathRules, RuleNode>();

function treeOf(rules: PathRules): RuleNode {
  const known = trees.get(rules);
  if (known !== undefined) {
    return known;
  }
  const root: RuleNode = { steps: new Map() };
  for (const [path, rule] of Object.entries(rules)) {
    let node = root;
    for (const step of path.split('/')) {
      const next: RuleNode = node.steps.get(step) ?? { steps: new Map() };
      node.steps.set(step, next);
      node = next;
    }
    node.rule = rule;
  }
  trees.set(rules, root);
  return root;
}
