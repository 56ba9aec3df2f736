import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import type { Masker } from './masker.ts';

/** Fields that come from a request or Walm itself, not from the chart: an equal secret is not revealed by them. */
const WALMS_OWN = new Set([
  'name',
  'namespace',
  'dependencies',
  'project',
  'status',
  'phase',
  'updated',
  'outside',
  'stale',
]);
/** Words of Kubernetes and Walm in objects and tasks. */
const WORDS = new Set(['kind', 'namespace', 'apiVersion', 'status', 'id', 'operation', 'state', 'code', 'phase']);
/** Objects whose keys the chart chooses: the keys are masked as well. */
const FREE = new Set([
  'configValues',
  'computedValues',
  'dependenciesConfigValues',
  'outputConfigValues',
  'releaseLabels',
  'labels',
  'annotations',
  'data',
  'commonValues',
  'outputs',
]);

/**
 * The answer about a release without its secrets. Every string in it is masked, whatever its field: a field added to
 * the answer is masked unless it is listed above. Numbers keep the type of the contract.
 */
export function maskReleaseInfo<Info extends Partial<ReleaseInfo>>(info: Info, masker: Masker): Info {
  if (masker.isEmpty) {
    return info;
  }
  const fields = Object.entries(info).map(([key, value]) => [
    key,
    WALMS_OWN.has(key) ? value : maskField(key, value as JsonValue, masker),
  ]);
  return Object.fromEntries(fields) as Info;
}

/** Already masked values: objects of the cluster and of records are immutable, and appear in every list and event. */
const masked = new WeakMap<Masker, WeakMap<object, JsonValue>>();

function maskOnce(value: JsonObject | JsonValue[], masker: Masker): JsonValue {
  const known = masked.get(masker) ?? new WeakMap<object, JsonValue>();
  masked.set(masker, known);
  const found = known.get(value) ?? masker.json(value);
  known.set(value, found);
  return found;
}

/** Masks whatever is shown together with an answer about a release, by the same rules. */
export function maskFields<T extends object>(fields: T, masker: Masker): T {
  return masker.isEmpty ? fields : (maskField('', fields as JsonValue, masker) as T);
}

/**
 * The labels of a release as they are shown. Selectors go by these: by the true ones anybody could find out what a label
 * hides, one guess after the other.
 */
export function shownLabels(
  labels: Readonly<Record<string, string>>,
  masker: Masker,
): Readonly<Record<string, string>> {
  // Texts stay texts.
  return masker.isEmpty ? labels : (maskOnce(labels, masker) as Record<string, string>);
}

function maskField(key: string, value: JsonValue, masker: Masker): JsonValue {
  if (typeof value === 'string') {
    return WORDS.has(key) ? value : masker.text(value);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  if (FREE.has(key)) {
    return maskOnce(value, masker);
  }
  if (Array.isArray(value)) {
    return value.map((entry) => maskField(key, entry, masker));
  }
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, maskField(name, entry, masker)]));
}
