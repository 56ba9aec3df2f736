import type { MetaInfoValues } from '../../../contract/schemas/metainfo.ts';
import { createReadingBudget } from '../bounds/reading-budget.ts';
import type { MemoryUnit } from './memory-unit.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asString } from '../json/json-reading.ts';
import type { MetaItem, Metainfo, MetaRole } from './metainfo.ts';
import { coresOf, gibibytesOf, parseQuantity, type Quantity } from '../kube/quantity.ts';
import { sortedJson } from '../json/sorted-json.ts';
import { readValuePath, type ValuePath } from '../values/value-path.ts';

type RoleValues = NonNullable<MetaInfoValues['roles']>[number];
type StorageValue = NonNullable<NonNullable<RoleValues['resources']>['storageResources']>[number]['value'];

/** Returns the value at a path. */
type Lookup = (path: ValuePath) => JsonValue | undefined;

/** A chart may reference one large value any number of times: beyond this total it counts as missing. */
const MAX_VALUES = 200_000;

/** Reads one item; null if the metainfo does not configure it. */
function read<T>(values: Lookup, item: MetaItem | undefined, convert: (found: JsonValue | undefined) => T): T | null {
  return item === undefined ? null : convert(values(item.path));
}

function toText(found: JsonValue | undefined): string {
  return typeof found === 'string' ? found : found === undefined || found === null ? '' : sortedJson(found);
}

function toInteger(found: JsonValue | undefined): number {
  if (typeof found === 'boolean') {
    return found ? 1 : 0;
  }
  const number = typeof found === 'string' && /^[+-]?\d+$/.test(found) ? Number(found) : found;
  return typeof number === 'number' ? Math.trunc(number) : 0;
}

function toBoolean(found: JsonValue | undefined): boolean {
  return typeof found === 'string' ? /^(1|t|true)$/i.test(found) : found === true || (Number(found) || 0) !== 0;
}

function toAmount(found: JsonValue | undefined, unit: (quantity: Quantity) => number): number {
  const quantity = typeof found === 'string' || typeof found === 'number' ? parseQuantity(found) : undefined;
  return quantity === undefined ? 0 : unit(quantity);
}

function toEnv(found: JsonValue | undefined): { name: string; value: string }[] | null {
  if (!Array.isArray(found) || !found.every(isJsonObject)) {
    return null;
  }
  return found.map((entry) => ({ name: toText(entry['name']), value: toText(entry['value']) }));
}

function toStorage(found: JsonValue | undefined): StorageValue {
  if (!isJsonObject(found)) {
    return null;
  }
  const { accessModes: modes, accessMode: mode } = found;
  // If both exist, the list was written in addition to the field that the chart reads.
  const used = typeof mode === 'string' && Array.isArray(modes) ? [mode] : modes;
  return {
    accessModes: Array.isArray(used) ? used.map(toText) : null,
    storageClass: asString(found['storageClass']),
    size: toAmount(found['size'], gibibytesOf),
  };
}

/** Params have their value as raw JSON text, keys sorted, `""` if there is none. */
function readParams(values: Lookup, items: readonly MetaItem[]) {
  const read = items.map(({ name, type, path }) => {
    const found = values(path);
    return { name, type, value: found === undefined ? '' : sortedJson(found) };
  });
  return read.length === 0 ? null : read;
}

function readBaseConfig(values: Lookup, base: MetaRole['baseConfig']): RoleValues['baseConfig'] {
  return base === null
    ? null
    : {
        image: read(values, base.image, toText),
        priority: read(values, base.priority, toInteger),
        replicas: read(values, base.replicas, toInteger),
        env: read(values, base.env, toEnv),
        useHostNetwork: read(values, base.useHostNetwork, toBoolean),
        others: readParams(values, base.others),
      };
}

function readResources(
  values: Lookup,
  resources: MetaRole['resources'],
  memoryUnit: MemoryUnit,
): RoleValues['resources'] {
  if (resources === null) {
    return null;
  }
  const perGibibyte = memoryUnit === 'Mi' ? 1024 : 1;
  const memory = (item: MetaItem | undefined) =>
    read(values, item, (found) => toAmount(found, gibibytesOf) * perGibibyte);
  const cores = (item: MetaItem | undefined) => read(values, item, (found) => toAmount(found, coresOf));
  const storage = resources.storageResources.map(({ name, path }) => ({
    name,
    value: toStorage(values(path)),
  }));
  return {
    limitsMemory: memory(resources.limitsMemory),
    limitsCpu: cores(resources.limitsCpu),
    limitsGpu: cores(resources.limitsGpu),
    requestsMemory: memory(resources.requestsMemory),
    requestsCpu: cores(resources.requestsCpu),
    requestsGpu: cores(resources.requestsGpu),
    storageResources: storage.length === 0 ? null : storage,
  };
}

/**
 * The computed values in terms of the chart's metainfo: every item that the metainfo configures, null for the others.
 * Memory in the unit given, storage in Gi, cpu and gpu in cores, including fractions (decision 16: units of
 * metaInfoParams). A value that is missing or of another type becomes `""`, 0 or false, like in the original Walm.
 */
export function readMetainfoValues(
  metainfo: Metainfo,
  values: JsonObject,
  memoryUnit: MemoryUnit = 'Gi',
): MetaInfoValues {
  const budget = createReadingBudget(MAX_VALUES);
  const lookup: Lookup = (path) => {
    const found = readValuePath(values, path);
    return budget.allows(found) ? found : undefined;
  };
  return {
    params: readParams(lookup, metainfo.params),
    roles:
      metainfo.roles.length === 0
        ? null
        : metainfo.roles.map((role) => ({
            name: role.name,
            baseConfig: readBaseConfig(lookup, role.baseConfig),
            resources: readResources(lookup, role.resources, memoryUnit),
          })),
    customParams: metainfo.customParams,
  };
}
