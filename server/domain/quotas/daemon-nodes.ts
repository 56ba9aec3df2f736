import { asArray, asObject, asObjects, asString, asTextMap, valueAt } from '../json/json-reading.ts';
import { isJsonObject, type JsonObject } from '../json/json.ts';

/** A node, as far as DaemonSets select by it. */
export type NodeFacts = {
  name: string;
  labels: Readonly<Record<string, string>>;
  taints: readonly { key: string; value: string; effect: string }[];
};

/** What the DaemonSet controller makes every pod of its tolerate. */
const ALWAYS_TOLERATED: ReadonlySet<string> = new Set([
  'node.kubernetes.io/not-ready:NoExecute',
  'node.kubernetes.io/unreachable:NoExecute',
  'node.kubernetes.io/disk-pressure:NoSchedule',
  'node.kubernetes.io/memory-pressure:NoSchedule',
  'node.kubernetes.io/pid-pressure:NoSchedule',
  'node.kubernetes.io/unschedulable:NoSchedule',
]);
const NO_NETWORK = 'node.kubernetes.io/network-unavailable:NoSchedule';
const INTEGER = /^[+-]?\d+$/;

/** Whether a DaemonSet with this pod spec runs a pod on the node, like its controller decides. */
export function runsOn(podSpec: JsonObject, node: NodeFacts): boolean {
  const nodeName = asString(podSpec['nodeName']);
  return (nodeName === '' || nodeName === node.name) && isSelected(podSpec, node) && toleratesAll(podSpec, node);
}

function isSelected(podSpec: JsonObject, node: NodeFacts): boolean {
  const wanted = Object.entries(asTextMap(podSpec['nodeSelector']));
  const required = valueAt(podSpec, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
  return (
    wanted.every(([key, value]) => node.labels[key] === value) &&
    (!isJsonObject(required) || asObjects(required['nodeSelectorTerms']).some((term) => matchesTerm(term, node)))
  );
}

/** A term without any requirement selects nothing. */
function matchesTerm(term: JsonObject, node: NodeFacts): boolean {
  const byLabel = asObjects(term['matchExpressions']);
  const byField = asObjects(term['matchFields']);
  return (
    byLabel.length + byField.length > 0 &&
    byLabel.every((requirement) => meetsRequirement(requirement, node.labels)) &&
    byField.every((requirement) => meetsRequirement(requirement, { 'metadata.name': node.name }))
  );
}

function meetsRequirement(requirement: JsonObject, having: Readonly<Record<string, string>>): boolean {
  const key = asString(requirement['key']);
  const values = asArray(requirement['values']).map(asString);
  const value = Object.hasOwn(having, key) ? having[key] : undefined;
  const isBeyond = (compare: (a: bigint, b: bigint) => boolean) =>
    value !== undefined &&
    INTEGER.test(value) &&
    INTEGER.test(values[0] ?? '') &&
    compare(BigInt(value), BigInt(values[0] ?? '0'));
  switch (asString(requirement['operator'])) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return isBeyond((a, b) => a > b);
    case 'Lt':
      return isBeyond((a, b) => a < b);
    default:
      return false;
  }
}

function toleratesAll(podSpec: JsonObject, node: NodeFacts): boolean {
  const tolerations = asObjects(podSpec['tolerations']);
  return node.taints
    .filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute')
    .every((taint) => {
      const id = `${taint.key}:${taint.effect}`;
      return (
        ALWAYS_TOLERATED.has(id) ||
        (id === NO_NETWORK && podSpec['hostNetwork'] === true) ||
        tolerations.some((toleration) => tolerates(asObject(toleration), taint))
      );
    });
}

function tolerates(toleration: JsonObject, { key, value, effect }: NodeFacts['taints'][number]): boolean {
  const [wantedKey, wantedEffect] = [asString(toleration['key']), asString(toleration['effect'])];
  const isAny = toleration['operator'] === 'Exists';
  return (
    (wantedEffect === '' || wantedEffect === effect) &&
    (wantedKey === '' ? isAny : wantedKey === key) &&
    (isAny || asString(toleration['value']) === value)
  );
}
