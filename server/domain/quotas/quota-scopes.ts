import { asArray, asObject, asObjects, asString, valueAt } from '../json/json-reading.ts';
import { isJsonObject, type JsonObject } from '../json/json.ts';

/** Properties that decide which quotas count a pod. */
export type PodClass = {
  isBestEffort: boolean;
  isTerminating: boolean;
  priorityClass: string;
  /** Whether its affinity refers to pods of other namespaces. */
  hasForeignAffinity: boolean;
};

/** One condition of a quota: `spec.scopes[]`, or an expression of `spec.scopeSelector`. */
export type QuotaScope = { scope: string; operator: string; values: readonly string[] };

/** The scopes that a pod has to match to be counted by the quota; none: the quota counts everything. */
export function scopesOf(quota: JsonObject): QuotaScope[] {
  const plain = asArray(valueAt(quota, 'spec', 'scopes')).map((scope) => ({
    scope: asString(scope),
    operator: 'Exists',
    values: [],
  }));
  const selected = asObjects(valueAt(quota, 'spec', 'scopeSelector', 'matchExpressions')).map((expression) => ({
    scope: asString(expression['scopeName']),
    operator: asString(expression['operator']),
    values: asArray(expression['values']).map(asString),
  }));
  return [...plain, ...selected];
}

/** A scope in readable form: `NotBestEffort`, `PriorityClass In (high)`. */
export function printScope({ scope, operator, values }: QuotaScope): string {
  return operator === 'Exists' ? scope : `${scope} ${operator}${values.length > 0 ? ` (${values.join(', ')})` : ''}`;
}

/** Whether a quota with these scopes counts the pod. An unknown scope counts none. */
export function matchesScopes(pod: PodClass, scopes: readonly QuotaScope[]): boolean {
  return scopes.every((scope) => matches(pod, scope));
}

function matches(pod: PodClass, { scope, operator, values }: QuotaScope): boolean {
  switch (scope) {
    case 'BestEffort':
      return pod.isBestEffort;
    case 'NotBestEffort':
      return !pod.isBestEffort;
    case 'Terminating':
      return pod.isTerminating;
    case 'NotTerminating':
      return !pod.isTerminating;
    case 'CrossNamespacePodAffinity':
      return pod.hasForeignAffinity;
    case 'PriorityClass':
      return matchesClass(pod.priorityClass, operator, values);
    default:
      return false;
  }
}

function matchesClass(name: string, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'In':
      return values.includes(name);
    case 'NotIn':
      return !values.includes(name);
    case 'Exists':
      return name !== '';
    case 'DoesNotExist':
      return name === '';
    default:
      return false;
  }
}

/** Whether a term of the pod's affinity or anti-affinity names or selects namespaces. */
export function hasForeignAffinity(podSpec: JsonObject): boolean {
  return ['podAffinity', 'podAntiAffinity'].some((side) => {
    const affinity = valueAt(podSpec, 'affinity', side);
    const preferred = asObjects(valueAt(affinity, 'preferredDuringSchedulingIgnoredDuringExecution'));
    return [
      ...asObjects(valueAt(affinity, 'requiredDuringSchedulingIgnoredDuringExecution')),
      ...preferred.map(({ podAffinityTerm }) => asObject(podAffinityTerm)),
    ].some((term) => asArray(term['namespaces']).length > 0 || isJsonObject(term['namespaceSelector']));
  });
}
