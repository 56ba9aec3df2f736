import type { MetaInfoParams } from '../../../contract/schemas/metainfo.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { createBoundedList } from '../bounds/bounded-list.ts';
import { boundWarnings } from '../bounds/bound-warnings.ts';
import { cutName } from '../bounds/cut-name.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import type { AmountItem, BaseItem, MetaItem, Metainfo, MetaRole } from './metainfo.ts';
import { problem } from '../errors/problem-error.ts';
import { parseQuantity } from '../kube/quantity.ts';
import { readValuePath, type ValuePath } from '../values/value-path.ts';
import { type ChartReads, createNeverRead } from '../values/never-read.ts';
import { readsOneMode } from '../values/storage-mode.ts';
import { createValueEditor } from '../values/value-editor.ts';

type RoleParams = NonNullable<MetaInfoParams['roles']>[number];
type ParamValue = NonNullable<MetaInfoParams['params']>[number];
type StorageParam = NonNullable<NonNullable<RoleParams['resources']>['storageResources']>[number];

/**
 * Memory given as a bare number is in this unit; more than a machine has is treated as a mistake (decision 16: units of
 * metaInfoParams).
 */
const MAX_GI = 1024;
const MEMORY_ITEMS: readonly AmountItem[] = ['limitsMemory', 'requestsMemory'];
const CORE_ITEMS: readonly AmountItem[] = ['limitsCpu', 'requestsCpu', 'limitsGpu', 'requestsGpu'];
const BASE_ITEMS: readonly BaseItem[] = ['image', 'priority', 'replicas', 'useHostNetwork', 'env'];

const NOTHING_KNOWN: ChartReads = { values: {}, readWords: null };

/** The result of writing a request's parameters: its values, and warnings about parameters without effect. */
export type WrittenParams = { values: JsonObject; warnings: Warning[] };

/**
 * Writes `metaInfoParams` into the values of the same request, over which they take precedence, at the paths that the
 * chart's metainfo assigns to their names (decision 15: metaInfoParams belong to one request). `present` are the
 * recorded values. Unknown names, and values that the chart never reads, have no effect and cause warnings.
 * @throws ProblemError VALUES_INVALID for text that is not JSON, or not a quantity
 */
export function writeMetaInfoParams(
  configValues: JsonObject,
  params: MetaInfoParams,
  metainfo: Metainfo | null,
  present: JsonObject,
  chart: ChartReads = NOTHING_KNOWN,
): WrittenParams {
  const editor = createValueEditor(configValues);
  const warnings = createBoundedList<Warning>();
  const isNeverRead = createNeverRead(chart);

  function put(item: MetaItem | undefined, pointer: string, value: JsonValue): void {
    if (item === undefined || item.path.length === 0) {
      const message = `the chart's metainfo maps ${pointer} to no value: it has no effect`;
      warnings.add(() => ({ code: 'PARAM_UNKNOWN', message, path: `/metaInfoParams${pointer}` }));
      return;
    }
    editor.write(item.path, value, present);
    noteUnread(item.path, pointer);
  }

  /** A value that the chart never reads is written anyway, with a warning. */
  function noteUnread(path: ValuePath, pointer: string, isUnread = isNeverRead(path)): void {
    if (isUnread) {
      const message = `the chart reads no value ${cutName(path.join('.'))}, which its metainfo maps ${pointer} to: it has no effect`;
      warnings.add(() => ({ code: 'PARAM_NOT_READ', message, path: `/metaInfoParams${pointer}` }));
    }
  }

  /** Charts with a single `accessMode` ignore the list, even if a library of theirs would read it. */
  function putStorage(item: MetaItem | undefined, pointer: string, value: JsonObject): void {
    put(item, pointer, value);
    const path = item?.path ?? [];
    if (path.length > 0 && !isNeverRead(path)) {
      const own = readValuePath(chart.values, path);
      for (const field of Object.keys(value)) {
        const isOther = field === 'accessModes' && isJsonObject(own) && readsOneMode(own);
        noteUnread([...path, field], `${pointer}/value/${field}`, isOther || isNeverRead([...path, field]));
      }
    }
  }

  function putNamed(items: readonly MetaItem[], given: readonly ParamValue[], pointer: string): void {
    const byName = firstByName(items);
    for (const { name, value } of given) {
      const at = `${pointer}/${cutName(name)}`;
      put(byName.get(name), at, paramValue(value, at));
    }
  }

  function putRole(role: MetaRole | undefined, given: RoleParams, pointer: string): void {
    const { baseConfig = {}, resources = {} } = given;
    for (const name of BASE_ITEMS) {
      const value = baseConfig[name];
      if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
        put(role?.baseConfig?.[name], `${pointer}/baseConfig/${name}`, value);
      }
    }
    putNamed(role?.baseConfig?.others ?? [], baseConfig.others ?? [], `${pointer}/baseConfig/others`);
    for (const name of [...MEMORY_ITEMS, ...CORE_ITEMS]) {
      const amount = resources[name];
      if (amount !== undefined) {
        const at = `${pointer}/resources/${name}`;
        const text = MEMORY_ITEMS.includes(name)
          ? sizeText(amount, params.memoryUnit ?? 'Gi', at)
          : coresText(amount, at);
        put(role?.resources?.[name], at, text);
      }
    }
    const storages = firstByName(role?.resources?.storageResources ?? []);
    for (const storage of resources.storageResources ?? []) {
      const at = `${pointer}/resources/storageResources/${cutName(storage.name)}`;
      putStorage(storages.get(storage.name), at, storageValue(storage, at));
    }
  }

  putNamed(metainfo?.params ?? [], params.params ?? [], '/params');
  const roles = firstByName(metainfo?.roles ?? []);
  for (const given of params.roles ?? []) {
    putRole(roles.get(given.name), given, `/roles/${cutName(given.name)}`);
  }
  if (Object.keys(params.customParams ?? {}).length > 0) {
    const message = 'customParams describe a chart and are not written to values: they have no effect';
    warnings.add(() => ({ code: 'PARAM_UNKNOWN', message, path: '/metaInfoParams/customParams' }));
  }
  return { values: editor.values(), warnings: boundWarnings(warnings.items, warnings.more) };
}

/** Items by name; of several with one name the first counts. */
function firstByName<T extends { name: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.toReversed().map((item) => [item.name, item]));
}

/** A value is JSON, or JSON as a string, as the original Walm expected; the empty string is null. */
function paramValue(value: JsonValue | undefined, at: string): JsonValue {
  if (typeof value !== 'string') {
    return value ?? null;
  }
  try {
    return value === '' ? null : (JSON.parse(value) as JsonValue);
  } catch {
    throw problem('VALUES_INVALID', `the value of metaInfoParams${at} is not JSON text: write a text as "\\"text\\""`, {
      path: `/metaInfoParams${at}`,
    });
  }
}

function sizeText(amount: number | string, unit: 'Gi' | 'Mi', at: string): string {
  if (typeof amount === 'number' && unit === 'Gi' && amount > MAX_GI) {
    throw problem(
      'VALUES_INVALID',
      `metaInfoParams${at} is ${amount}, and a number means Gi here: write "${amount}Mi" if that is meant`,
      { path: `/metaInfoParams${at}` },
    );
  }
  return typeof amount === 'number' ? `${decimalText(amount)}${unit}` : quantityText(amount, at);
}

function coresText(amount: number | string, at: string): string {
  return typeof amount === 'number' ? decimalText(amount) : quantityText(amount, at);
}

/**
 * Without an exponent, which a quantity with a suffix cannot have; to a billionth, the least that Kubernetes supports.
 */
function decimalText(amount: number): string {
  return Number.isInteger(amount) ? String(BigInt(amount)) : amount.toFixed(9).replace(/\.?0+$/, '');
}

function quantityText(text: string, at: string): string {
  if (parseQuantity(text) === undefined) {
    throw problem(
      'VALUES_INVALID',
      `metaInfoParams${at} is ${JSON.stringify(cutName(text))}, which is not a Kubernetes quantity`,
      {
        path: `/metaInfoParams${at}`,
      },
    );
  }
  return text;
}

function storageValue({ value = {} }: StorageParam, at: string): JsonObject {
  const { accessModes, storageClass, size } = value;
  return {
    ...(accessModes !== undefined && { accessModes }),
    ...(storageClass !== undefined && { storageClass }),
    ...(size !== undefined && { size: sizeText(size, 'Gi', `${at}/size`) }),
  };
}
