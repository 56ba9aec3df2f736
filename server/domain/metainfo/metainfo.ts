import type { PluginRequest } from '../../../contract/schemas/plugin.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asObjects, asString, asText, asTextMap } from '../json/json-reading.ts';
import { parseMetainfoYaml } from './metainfo-yaml.ts';
import { parseValuePath, type ValuePath } from '../values/value-path.ts';

/** One configurable value of a chart: where it lies in the values. */
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

/** A chart that a chart works with; versions are inclusive bounds at the precision given, `""` for none. */
export type MetaDependency = {
  name: string;
  /** `""` where the chart is called as the dependency is. */
  chartName: string;
  minVersion: string;
  maxVersion: string;
  optional: boolean;
  /** Where in the values the provider's outputs go. */
  alias: ValuePath;
};

/** `transwarp-meta/metainfo.yaml` of a chart, as far as it maps names to values. */
export type Metainfo = {
  dependencies: MetaDependency[];
  params: MetaItem[];
  roles: MetaRole[];
  customParams: Record<string, string> | null;
  /** Plugins that every release of the chart has unless it disables them. */
  plugins: PluginRequest[];
  /** Expressions by output name: what releases of the chart publish. */
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

/** A field by its name, exact or in any case (charts write `mapkey`, and the original Walm accepted it). */
function field(object: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(object, name)) {
    return object[name];
  }
  const key = Object.keys(object).find((other) => other.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : object[key];
}

/** No values are deeper; a path that is leads nowhere, instead of down a stack of its length. */
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

/** Arguments are an object, or their JSON text, as in a request; an entry without a name says nothing. */
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

/** Reads a chart's metainfo.yaml; null when it is not a YAML mapping. Keys match in any case. */
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
