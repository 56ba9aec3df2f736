import type { TaintChange } from '../../../contract/schemas/cluster/node-change.ts';
import { asObjects, asString, asTextMap } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';
import { type KubeObject, specOf, statusOf } from '../kube/kube-object.ts';
import { isLabelKey, isLabelValue } from '../kube/label-syntax.ts';
import { invalidMark, shownText } from './invalid-mark.ts';

/** A taint of a node, with whatever else the cluster says of it (`timeAdded`). */
export type NodeTaint = { key: string; value: string; effect: string; whole: JsonObject };

const EVICTING = 'NoExecute';
const ENDED: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

/** The taints of a node, in its order. */
export function taintsOf(node: KubeObject): NodeTaint[] {
  return asObjects(specOf(node)['taints']).map((whole) => ({
    key: asString(whole['key']),
    value: asString(whole['value']),
    effect: asString(whole['effect']),
    whole,
  }));
}

/** The taints after the change. @throws ProblemError LABEL_INVALID for a key or value that Kubernetes would not accept */
export function changedTaints(present: readonly NodeTaint[], change: TaintChange): NodeTaint[] {
  const { addTaints = [], removeTaints = [] } = change;
  const isRemoved = ({ key, effect }: { key: string; effect: string }) =>
    removeTaints.some((one) => one.key === key && (one.effect === undefined || one.effect === effect));
  for (const { key, value = '', effect } of addTaints) {
    if (!isLabelKey(key)) {
      throw invalidMark(`${shownText(key)} in addTaints is not a valid key of a taint`);
    }
    if (!isLabelValue(value)) {
      throw invalidMark(`${shownText(value)} in addTaints is not a valid value of the taint ${key}`);
    }
    if (isRemoved({ key, effect })) {
      throw invalidMark(`the taint ${key}:${effect} is to be set and to be removed: say one of both`);
    }
  }
  const wanted = addTaints.map(({ key, value = '', effect }): NodeTaint => {
    const kept = present.find((one) => one.key === key && one.effect === effect && one.value === value);
    return kept ?? { key, value, effect, whole: { key, ...(value !== '' && { value }), effect } };
  });
  const isSet = ({ key, effect }: NodeTaint) => wanted.some((one) => one.key === key && one.effect === effect);
  const stay = present.filter((one) => !isRemoved(one) && !isSet(one));
  // Of one key and effect the last one counts.
  const last = wanted.filter((one, at) => !wanted.slice(at + 1).some((next) => isSame(one, next)));
  return [...stay, ...last];
}

/** Whether a pod that is on the node is evicted by a taint that was not there before. */
export function isEvicted(pod: KubeObject, before: readonly NodeTaint[], after: readonly NodeTaint[]): boolean {
  if (ENDED.has(asString(statusOf(pod)['phase']))) {
    return false;
  }
  const isNew = (taint: NodeTaint) => !before.some((one) => isSame(one, taint) && one.value === taint.value);
  return after.some((taint) => taint.effect === EVICTING && isNew(taint) && !tolerates(pod, taint));
}

function tolerates(pod: KubeObject, { key, value, effect }: NodeTaint): boolean {
  return asObjects(specOf(pod)['tolerations']).some((one) => {
    // All of them are texts, except how long it is tolerated.
    const { tolerationSeconds: seconds, ...rest } = one;
    const toleration = asTextMap(rest);
    const isAbout = toleration['key'] === undefined ? toleration['operator'] === 'Exists' : toleration['key'] === key;
    const hasValue = toleration['operator'] === 'Exists' || (toleration['value'] ?? '') === value;
    const hasEffect = (toleration['effect'] ?? '') === '' || toleration['effect'] === effect;
    return isAbout && hasValue && hasEffect && typeof seconds !== 'number';
  });
}

function isSame(a: NodeTaint, b: NodeTaint): boolean {
  return a.key === b.key && a.effect === b.effect;
}
