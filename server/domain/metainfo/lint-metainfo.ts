import { nearestName } from '../fields/nearest-name.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asObjects, asString, asText } from '../json/json-reading.ts';
import { parseQuantity } from '../kube/quantity.ts';
import { parseValuePath, readValuePath } from '../values/value-path.ts';
import { metainfoFaults } from './metainfo-faults.ts';
import { METAINFO_KEYS, type MetainfoKeys } from './metainfo-keys.ts';
import { metainfoLines } from './metainfo-lines.ts';
import { parseMetainfoYaml } from './metainfo-yaml.ts';
import { field } from './metainfo.ts';

/** A fault of a metainfo.yaml. */
export interface MetainfoProblem {
  readonly code:
    | 'METAINFO_INVALID'
    | 'METAINFO_FIELD_UNKNOWN'
    | 'METAINFO_FIELD_REQUIRED'
    | 'METAINFO_TYPE_UNSUPPORTED'
    | 'METAINFO_VALUE_MISSING'
    | 'METAINFO_VALUE_TYPE'
    | 'METAINFO_VALUE_FORMAT';
  readonly severity: 'error' | 'warning';
  /** Such as `roles[0].baseConfig.image`. */
  readonly place: string;
  readonly message: string;
  readonly line: number | null;
}

type Report = (code: MetainfoProblem['code'], place: string, message: string) => void;

/** Types of `others`; `params` may also be of type `number`. `password` is Walm's own. */
const TYPES = ['boolean', 'int', 'float', 'string', 'yaml', 'json', 'kvPair', 'text', 'password'];
const PARAM_TYPES = [...TYPES, 'number'];
/** Items of a role and the types that their values have. */
const BASE_ITEMS = { image: 'string', priority: 'int', replicas: 'int', env: 'env', useHostNetwork: 'boolean' };
/** Resources of a role, as the original names them in messages. */
const RESOURCE_ITEMS = {
  limitsCpu: ['limitsCpu', 'cpu'],
  limitsMemory: ['LimitsMemory', 'string'],
  limitsGpu: ['LimitsGpu', 'cpu'],
  requestsMemory: ['RequestsMemory', 'string'],
  requestsCpu: ['RequestsCpu', 'cpu'],
  requestsGpu: ['RequestsGpu', 'cpu'],
} as const;
const MAX_PROBLEMS = 500;

/**
 * The faults of a metainfo.yaml, also against the chart's values: the original's rules in the original's words, and keys
 * that mean nothing. At most 500.
 */
export function lintMetainfo(text: string, values: JsonObject): MetainfoProblem[] {
  const lineOf = metainfoLines(text);
  const problems: MetainfoProblem[] = [];
  const report: Report = (code, place, message) => {
    if (problems.length < MAX_PROBLEMS) {
      const severity = code === 'METAINFO_FIELD_UNKNOWN' ? 'warning' : 'error';
      problems.push({ code, severity, place, message, line: lineOf(place) });
    }
  };
  const faults = metainfoFaults(text);
  for (const fault of faults) {
    const [, place = ''] = /^(\S+) is not /.exec(fault) ?? [];
    report('METAINFO_INVALID', place === 'it' ? '' : place, fault);
  }
  const document = faults.some((fault) => fault.startsWith('it is not ')) ? null : parseMetainfoYaml(text);
  if (isJsonObject(document)) {
    reportUnknown(document, METAINFO_KEYS, '', report);
    reportMissing(document, report);
    reportItems(document, values, report);
  }
  return problems;
}

function reportUnknown(value: JsonValue, keys: MetainfoKeys, place: string, report: Report): void {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) reportUnknown(entry, keys, `${place}[${index}]`, report);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [key, entry] of Object.entries(value)) {
    const known = key.toLowerCase();
    const here = place === '' ? key : `${place}.${key}`;
    const below = Object.hasOwn(keys, known) ? keys[known] : undefined;
    if (below === undefined) {
      const near = nearestName(known, Object.keys(keys));
      const hint = near === undefined ? '' : `: did you mean ${near}?`;
      report('METAINFO_FIELD_UNKNOWN', here, `field ${here} is unknown and has no effect${hint}`);
    } else if (below !== null) {
      reportUnknown(entry, below, here, report);
    }
  }
}

function reportMissing(document: JsonObject, report: Report): void {
  const required = (object: JsonObject, name: string, place: string) => {
    if (asText(field(object, name)) === '') {
      report('METAINFO_FIELD_REQUIRED', place, `${name} required in field ${place}`);
    }
  };
  if (asString(field(document, 'friendlyName')) === '') {
    report('METAINFO_FIELD_REQUIRED', '', 'field friendlyName required');
  }
  for (const [index, dependency] of asObjects(field(document, 'dependencies')).entries()) {
    if (['name', 'minVersion', 'maxVersion'].some((name) => asText(field(dependency, name)) === '')) {
      const message =
        'Name, MinVersion, MaxVersion, [aliasConfigVar,omitempty], dependencyOptional all required in field dependencies';
      report('METAINFO_FIELD_REQUIRED', `dependencies[${index}]`, message);
    }
  }
  for (const [index, role] of asObjects(field(document, 'roles')).entries()) {
    required(role, 'name', `roles[${index}]`);
    required(role, 'type', `roles[${index}]`);
  }
  for (const [index, plugin] of asObjects(field(document, 'plugins')).entries()) {
    required(plugin, 'name', `plugins[${index}]`);
    required(plugin, 'version', `plugins[${index}]`);
    if (field(plugin, 'args') === undefined) {
      report('METAINFO_FIELD_REQUIRED', `plugins[${index}]`, `args required in field plugins[${index}]`);
    }
  }
}

/** What a mapped item has to be; `named` items have a name, and a type out of `types`. */
interface ItemRule {
  readonly place: string;
  /** The place as the original writes it. */
  readonly shown?: string;
  readonly type?: string;
  readonly types?: readonly string[];
  readonly isNamed?: true;
}

function reportItems(document: JsonObject, values: JsonObject, report: Report): void {
  const check = (item: JsonValue | undefined, rule: ItemRule) => {
    if (isJsonObject(item)) reportItem(item, values, rule, report);
  };
  for (const [index, param] of asObjects(field(document, 'params')).entries()) {
    check(param, { place: `params[${index}]`, types: PARAM_TYPES, isNamed: true });
  }
  for (const [index, role] of asObjects(field(document, 'roles')).entries()) {
    const base = asObject(field(role, 'baseConfig'));
    for (const [name, type] of Object.entries(BASE_ITEMS)) {
      check(field(base, name), { place: `roles[${index}].baseConfig.${name}`, type });
    }
    for (const [at, other] of asObjects(field(base, 'others')).entries()) {
      check(other, { place: `roles[${index}].baseConfig.others[${at}]`, types: TYPES, isNamed: true });
    }
    const resources = asObject(field(role, 'resources'));
    for (const [name, [shown, type]] of Object.entries(RESOURCE_ITEMS)) {
      const at = `roles[${index}].resources.`;
      check(field(resources, name), { place: at + name, shown: at + shown, type });
    }
    for (const [at, storage] of asObjects(field(resources, 'storageResources')).entries()) {
      const place = `roles[${index}].resources.storageResources[${at}]`;
      check(storage, { place, type: 'storage', isNamed: true });
    }
  }
}

function reportItem(item: JsonObject, values: JsonObject, rule: ItemRule, report: Report): void {
  const { place, shown = place, types, isNamed } = rule;
  const given = asString(field(item, 'type'));
  const mapKey = asString(field(item, 'mapKey'));
  if (isNamed && asString(field(item, 'name')) === '') {
    report('METAINFO_FIELD_REQUIRED', place, `name required in field ${shown}`);
  }
  if (types !== undefined && given !== '' && !types.includes(given)) {
    report('METAINFO_TYPE_UNSUPPORTED', place, `type ${given} not support in field ${shown}`);
  }
  if (mapKey === '') {
    report('METAINFO_FIELD_REQUIRED', place, `mapKey required in field ${shown}`);
    return;
  }
  const value = readValuePath(values, parseValuePath(mapKey));
  const type = rule.type ?? given;
  if (value === undefined) {
    if (field(item, 'required') === true) {
      report('METAINFO_VALUE_MISSING', place, `${mapKey} not exist in values.yaml`);
    }
  } else if (!isOfType(value, type)) {
    const expected = type === 'cpu' ? 'float' : type;
    report('METAINFO_VALUE_TYPE', place, `${mapKey} Type error in values.yaml, ${expected} expected`);
  } else if (/\.memory(_request|_limit)?$/.test(mapKey) && typeof value === 'string' && !/[MG]i$/.test(value)) {
    report('METAINFO_VALUE_FORMAT', place, `${mapKey} Format error in values.yaml, eg: 4Gi, 400Mi expected`);
  }
}

function isOfType(value: JsonValue, type: string): boolean {
  switch (type) {
    case '':
      return true;
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
    case 'text':
    case 'password':
      return typeof value === 'string';
    case 'int':
      return Number.isInteger(value);
    case 'float':
    case 'number':
      return typeof value === 'number';
    case 'cpu':
      // Walm itself writes amounts as texts.
      return typeof value === 'number' || (typeof value === 'string' && parseQuantity(value) !== undefined);
    case 'kvPair':
      return typeof value === 'object' && value !== null;
    default:
      return typeof value === 'object';
  }
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
