import type { PluginRequest } from '../../../contract/schemas/plugin.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asObjects, asString, asText, asTextMap } from '../json/json-reading.ts';
import { parseMetainfoYaml } from './metainfo-yaml.ts';
import { parseValuePath, type ValuePath } from '../values/value-path.ts';

/** One configurable value of a chart, and its path in the values. */
export type MetaItem = { name: string; type: string; path: ValuePath };

/** Names of the single items of a role; an item that the metainfo does not configure is absent. */
export type BaseItem = 'image' | 'priority' | 'replicas' | 'env' | 'useHostNetwork';
export type AmountItem = 'limitsMemory' | 'limitsCpu' | 'limitsGpu' | 'requestsMemory' | 'requestsCpu' | 'requestsGpu';

/** A container or init container as the metainfo describes it. */
export type MetaRole = {
  name: string;
  baseConfig: (Partial<Record<BaseItem, MetaItem>> & { others: MetaItem[] }) | null;
  resources: (Partial<Record<AmountItem, MetaItem>> & { storageResources: MetaItem[] }) | null;
};

/** A dependency on another chart; versions are inclusive bounds at the precision given, `""` for none. */
export type MetaDependency = {
  name: string;
  /** `""` if the chart has the name of the dependency. */
  chartName: string;
  minVersion: string;
  maxVersion: string;
  optional: boolean;
  /** The path in the values for the provider's outputs. */
  alias: ValuePath;
};

/** `transwarp-meta/metainfo.yaml` of a chart, as far as it maps names to values. */
export type Metainfo = {
  dependencies: MetaDependency[];
  params: MetaItem[];
  roles: MetaRole[];
  customParams: Record<string, string> | null;
  /** Plugins of every release of the chart, unless it disables them. */
  plugins: PluginRequest[];
  /** Expressions by output name: the outputs of releases of the chart. */
  outputs: Record<string, string>;
};

const BASE_ITEMS: readonly BaseItem[] = ['image', 'priority', 'replicas', 'env', 'useHostNetwork'];
const AMOUNT_ITEMS: readonly AmountItem[] = [
  'limitsMemory',
  'limitsCpu',
  'limitsGpu',
  'requestsMemory',
  'requestsCpu',
  'requestsGpu',
];

/** A field by its name, exact or ignoring case (charts write `mapkey`, and the original Walm accepted it). */
export function field(object: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(object, name)) {
    return object[name];
  }
  const key = Object.keys(object).find((other) => other.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : object[key];
}

/** No values are deeper; a longer path leads nowhere, instead of overflowing the stack. */
const MAX_PATH_DEPTH = 100;

function shallowPath(mapKey: string): ValuePath {
  const path = parseValuePath(mapKey);
  return path.length > MAX_PATH_DEPTH ? [] : path;
}

function readItem(item: JsonObject, name: string): MetaItem {
  return {
    name,
    type: asString(field(item, 'type')),
    path: shallowPath(asString(field(item, 'mapKey'))),
  };
}

function readItems(value: JsonValue | undefined): MetaItem[] {
  return asObjects(value).map((item) => readItem(item, asString(field(item, 'name'))));
}

function readNamed<Name extends string>(object: JsonObject, names: readonly Name[]): Partial<Record<Name, MetaItem>> {
  const items: Partial<Record<Name, MetaItem>> = {};
  for (const name of names) {
    const item = field(object, name);
    if (isJsonObject(item)) {
      items[name] = readItem(item, name);
    }
  }
  return items;
}

function readRole(role: JsonObject): MetaRole {
  const baseConfig = field(role, 'baseConfig');
  const resources = field(role, 'resources');
  return {
    name: asString(field(role, 'name')),
    baseConfig: isJsonObject(baseConfig)
      ? { ...readNamed(baseConfig, BASE_ITEMS), others: readItems(field(baseConfig, 'others')) }
      : null,
    resources: isJsonObject(resources)
      ? {
          ...readNamed(resources, AMOUNT_ITEMS),
          storageResources: readItems(field(resources, 'storageResources')),
        }
      : null,
  };
}

function readDependency(dependency: JsonObject): MetaDependency {
  return {
    name: asString(field(dependency, 'name')),
    chartName: asString(field(dependency, 'chartName')),
    minVersion: asString(field(dependency, 'minVersion')),
    maxVersion: asString(field(dependency, 'maxVersion')),
    optional: field(dependency, 'dependencyOptional') === true,
    alias: shallowPath(asString(field(dependency, 'aliasConfigVar'))),
  };
}

/** Arguments are an object, or JSON as a string, as in a request; an entry without a name is ignored. */
function readPlugin(plugin: JsonObject): PluginRequest[] {
  const name = asString(field(plugin, 'name'));
  const args = field(plugin, 'args');
  return name === ''
    ? []
    : [
        {
          name,
          args: isJsonObject(args) ? args : asString(args),
          version: asText(field(plugin, 'version')),
          disable: field(plugin, 'disable') === true,
        },
      ];
}

/** Parses a chart's metainfo.yaml; null if it is not a YAML mapping. Keys match case-insensitively. */
export function parseMetainfo(text: string): Metainfo | null {
  let document: JsonValue;
  try {
    document = parseMetainfoYaml(text);
  } catch {
    return null;
  }
  if (!isJsonObject(document)) {
    return null;
  }
  const customParams = field(document, 'customParams');
  return {
    dependencies: asObjects(field(document, 'dependencies')).map(readDependency),
    params: readItems(field(document, 'params')),
    roles: asObjects(field(document, 'roles')).map(readRole),
    customParams: isJsonObject(customParams) ? asTextMap(customParams) : null,
    plugins: asObjects(field(document, 'plugins')).flatMap(readPlugin),
    outputs: asTextMap(field(document, 'outputs')),
  };
}
