import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import type { Masker } from './masker.ts';

/** What a request or Walm itself says, and not the chart: a secret that happens to be the same is not given away. */
const WALMS_OWN = new Set(['name', 'namespace', 'dependencies', 'status', 'outside', 'stale']);
/** Of objects and tasks: words of Kubernetes, and of Walm. */
const WORDS = new Set(['kind', 'namespace', 'apiVersion', 'status', 'id', 'operation', 'state', 'code', 'phase']);
/** Objects whose fields the chart names: they are masked as well. */
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
 * The answer about a release without its secrets. Every text in it is looked at, whatever field it is in: one that is
 * added to the answer is masked unless it is named above. Numbers stay what the contract says they are.
 */
export function maskReleaseInfo(info: ReleaseInfo, masker: Masker): ReleaseInfo {
  if (masker.isEmpty) {
    return info;
  }
  const fields = Object.entries(info).map(([key, value]) => [
    key,
    WALMS_OWN.has(key) ? value : maskField(key, value as JsonValue, masker),
  ]);
  return Object.fromEntries(fields) as ReleaseInfo;
}

/** What was masked: objects of the cluster and of records never change, and are shown in every list and event. */
const masked = new WeakMap<Masker, WeakMap<object, JsonValue>>();

function maskOnce(value: JsonObject | JsonValue[], masker: Masker): JsonValue {
  const known = masked.get(masker) ?? new WeakMap<object, JsonValue>();
  masked.set(masker, known);
  const found = known.get(value) ?? masker.json(value);
  known.set(value, found);
  return found;
}

/** Whatever is shown beside an answer about a release, by the same rules. */
export function maskFields<T extends object>(fields: T, masker: Masker): T {
  return masker.isEmpty ? fields : (maskField('', fields as JsonValue, masker) as T);
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
