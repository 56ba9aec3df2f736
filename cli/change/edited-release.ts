import { stringifyExact } from '../../contract/exact-json.ts';
import { UsageError } from '../errors/failures.ts';
import { isRecord, type JsonObject } from '../files/json-object.ts';
import { at, listAt, textAt } from '../render/read-value.ts';

/** What of a release is edited as a text. */
const FIELDS = ['configValues', 'dependencies', 'releaseLabels', 'plugins', 'onFailure'] as const;

/** Labels that the chart's objects have, too: they say where a release comes from, and are not for people to change. */
const ORIGIN_LABEL = /^(app\.kubernetes\.io\/(instance|managed-by|name|version)|helm\.sh\/chart)$/;

/** A release, as the API answers it, as the object that is edited. */
export function editableRelease(release: unknown): JsonObject {
  const found = at(release, 'releaseLabels');
  const labels = isRecord(found) ? found : {};
  const plugins = listAt(release, 'plugins').map((plugin) => {
    const args = at(plugin, 'args');
    const version = textAt(plugin, 'version');
    return {
      name: textAt(plugin, 'name'),
      ...(args !== undefined && { args }),
      ...(version !== '' && { version }),
      ...(at(plugin, 'disable') === true && { disable: true }),
    };
  });
  return {
    configValues: at(release, 'configValues') ?? {},
    dependencies: at(release, 'dependencies') ?? {},
    releaseLabels: Object.fromEntries(Object.entries(labels).filter(([key]) => !ORIGIN_LABEL.test(key))),
    plugins,
    onFailure: textAt(release, 'onFailure') || 'none',
  };
}

/**
 * The request that makes `after` of `before`: only what differs, so that everything else stays as it is. What was deleted
 * is deleted: values by `unset`, labels and dependencies by an empty value, plugins by `disable`. Undefined if both are the
 * same.
 * @throws UsageError for fields that are none, or of another type
 */
export function requestOfEdit(before: JsonObject, after: JsonObject): JsonObject | undefined {
  const unknown = Object.keys(after).find((key) => !(FIELDS as readonly string[]).includes(key));
  if (unknown !== undefined) throw new UsageError(`${unknown} is not a field here`, [`fields: ${FIELDS.join(', ')}`]);
  const values = differences(objectAt(before, 'configValues'), objectAt(after, 'configValues'), []);
  const pairs = (field: 'dependencies' | 'releaseLabels') =>
    changedPairs(objectAt(before, field), objectAt(after, field));
  const plugins = changedPlugins(listAt(before, 'plugins'), listAt(after, 'plugins'));
  const onFailure = textAt(after, 'onFailure') || 'none';
  const request: JsonObject = {
    ...(Object.keys(values.changed).length > 0 && { configValues: values.changed }),
    ...(values.removed.length > 0 && { unset: values.removed }),
    ...entries('dependencies', pairs('dependencies')),
    ...entries('releaseLabels', pairs('releaseLabels')),
    ...(plugins.length > 0 && { plugins }),
    ...(onFailure !== (textAt(before, 'onFailure') || 'none') && { onFailure }),
  };
  return Object.keys(request).length === 0 ? undefined : request;
}

function entries(field: string, pairs: JsonObject): JsonObject {
  return Object.keys(pairs).length === 0 ? {} : { [field]: pairs };
}

function objectAt(value: JsonObject, field: string): JsonObject {
  const found = value[field] ?? {};
  if (!isRecord(found))
    throw new UsageError(`${field} is not an object`, [`write ${field}: {} where there is nothing`]);
  return found;
}

function isSame(left: unknown, right: unknown): boolean {
  return stringifyExact(left) === stringifyExact(right);
}

/** Values that were changed or added, nested as they are, and paths of those that are gone. */
function differences(
  before: JsonObject,
  after: JsonObject,
  path: readonly string[],
): { changed: JsonObject; removed: string[] } {
  const changed: JsonObject = {};
  const removed: string[] = [];
  const put = (key: string, value: unknown): void => {
    Object.defineProperty(changed, key, { value, writable: true, enumerable: true, configurable: true });
  };
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key)) removed.push([...path, key].map((part) => part.replaceAll('.', '\\.')).join('.'));
  }
  for (const [key, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    if (isSame(old, value) && Object.hasOwn(before, key)) continue;
    if (!isRecord(old) || !isRecord(value)) {
      put(key, value);
      continue;
    }
    const inner = differences(old, value, [...path, key]);
    if (Object.keys(inner.changed).length > 0) put(key, inner.changed);
    removed.push(...inner.removed);
  }
  return { changed, removed };
}

function changedPairs(before: JsonObject, after: JsonObject): JsonObject {
  const { changed } = differences(before, after, []);
  for (const key of Object.keys(before)) {
    if (Object.hasOwn(after, key)) continue;
    Object.defineProperty(changed, key, { value: '', writable: true, enumerable: true, configurable: true });
  }
  return changed;
}

function changedPlugins(before: readonly unknown[], after: readonly unknown[]): unknown[] {
  const named = (list: readonly unknown[], name: string) => list.find((plugin) => textAt(plugin, 'name') === name);
  const changed = after.filter((plugin) => !isSame(named(before, textAt(plugin, 'name')), plugin));
  const gone = before.filter((plugin) => named(after, textAt(plugin, 'name')) === undefined);
  return [...changed, ...gone.map((plugin) => ({ name: textAt(plugin, 'name'), disable: true }))];
}
