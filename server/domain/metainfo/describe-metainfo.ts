import type { ChartMetaInfo } from '../../../contract/schemas/charts/chart-metainfo.ts';
import type { MetaInfoValues } from '../../../contract/schemas/metainfo.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asArray, asObjects, asString, asText, orNull } from '../json/json-reading.ts';
import { metainfoText } from './chart-metainfo.ts';
import type { MemoryUnit } from './memory-unit.ts';
import { field, type Metainfo, parseMetainfo } from './metainfo.ts';
import { readMetainfoValues } from './metainfo-values.ts';
import { parseMetainfoYaml } from './metainfo-yaml.ts';

type Role = NonNullable<ChartMetaInfo['roles']>[number];
type RoleValues = NonNullable<MetaInfoValues['roles']>[number];
type Resources = NonNullable<Role['resources']>;

/** The metainfo among the files of `transwarp-meta/`, and the values of the chart. */
export interface DescribedChart {
  readonly metaFiles: Readonly<Record<string, Uint8Array>>;
  readonly values: JsonObject;
}

/**
 * The metainfo of a chart for people, in the original Walm's form: every default is what `values` have at its path; null
 * if the chart has no metainfo or an unreadable one. Memory in the unit given.
 */
export function describeMetainfo({ metaFiles, values }: DescribedChart, memoryUnit: MemoryUnit): ChartMetaInfo | null {
  const text = metainfoText(metaFiles);
  const metainfo = text === undefined ? null : parseMetainfo(text);
  if (text === undefined || metainfo === null) {
    return null;
  }
  // It has been parsed just now, and is remembered.
  const document = parseMetainfoYaml(text);
  return isJsonObject(document) ? describe(document, metainfo, readMetainfoValues(metainfo, values, memoryUnit)) : null;
}

/** The lists of document, metainfo and defaults have the same entries in the same order. */
function describe(document: JsonObject, metainfo: Metainfo, defaults: MetaInfoValues): ChartMetaInfo {
  const dependencies = asObjects(field(document, 'dependencies'));
  const plugins = metainfo.plugins.map(({ name, args = '', version = '', disable = false }) => ({
    name,
    args: typeof args === 'string' ? args : JSON.stringify(args),
    version,
    disable,
  }));
  return {
    friendlyName: asString(field(document, 'friendlyName')),
    categories: orNull(asArray(field(document, 'categories')).map(asText)),
    dependencies: orNull(dependencies.map(describeDependency)),
    roles: orNull(asObjects(field(document, 'roles')).map((role, at) => describeRole(role, defaults.roles?.[at]))),
    params: describeParams(field(document, 'params'), defaults.params),
    plugins: orNull(plugins),
    customParams: metainfo.customParams,
    ...(Object.keys(metainfo.outputs).length > 0 && { outputs: metainfo.outputs }),
  };
}

function describeDependency(dependency: JsonObject): NonNullable<ChartMetaInfo['dependencies']>[number] {
  const name = asString(field(dependency, 'name'));
  const alias = asString(field(dependency, 'aliasConfigVar'));
  return {
    ...(name !== '' && { name }),
    minVersion: asString(field(dependency, 'minVersion')),
    maxVersion: asString(field(dependency, 'maxVersion')),
    dependencyOptional: field(dependency, 'dependencyOptional') === true,
    ...(alias !== '' && { aliasConfigVar: alias }),
    chartName: asString(field(dependency, 'chartName')),
    type: asString(field(dependency, 'type')),
  };
}

function describeRole(role: JsonObject, defaults: RoleValues | undefined): Role {
  const healthChecks = field(role, 'healthChecks');
  return {
    name: asString(field(role, 'name')),
    description: asString(field(role, 'description')),
    type: asString(field(role, 'type')),
    baseConfig: describeBaseConfig(field(role, 'baseConfig'), defaults?.baseConfig),
    resources: describeResources(field(role, 'resources'), defaults?.resources),
    healthChecks: isJsonObject(healthChecks)
      ? {
          readinessProbe: describeProbe(field(healthChecks, 'readinessProbe')),
          livenessProbe: describeProbe(field(healthChecks, 'livenessProbe')),
        }
      : null,
  };
}

function describeProbe(probe: JsonValue | undefined) {
  return isJsonObject(probe)
    ? { defined: field(probe, 'defined') === true, enable: field(probe, 'enable') === true }
    : null;
}

function describeBaseConfig(base: JsonValue | undefined, defaults: RoleValues['baseConfig'] | undefined) {
  if (!isJsonObject(base)) {
    return null;
  }
  const { image = '', priority = 0, replicas = 0, env = null, useHostNetwork = false, others = null } = defaults ?? {};
  return {
    image: describeItem(field(base, 'image'), image ?? ''),
    priority: describeItem(field(base, 'priority'), priority ?? 0),
    replicas: describeItem(field(base, 'replicas'), replicas ?? 0),
    env: describeItem(field(base, 'env'), env),
    useHostNetwork: describeItem(field(base, 'useHostNetwork'), useHostNetwork ?? false),
    others: describeParams(field(base, 'others'), others),
  };
}

function describeResources(
  resources: JsonValue | undefined,
  defaults: RoleValues['resources'] | undefined,
): Resources | null {
  if (!isJsonObject(resources)) {
    return null;
  }
  const amount = (name: Exclude<keyof Resources, 'storageResources'>) =>
    describeItem(field(resources, name), defaults?.[name] ?? 0);
  const storages = asObjects(field(resources, 'storageResources')).map((storage, at) => ({
    name: asString(field(storage, 'name')),
    ...itemOf(storage, defaults?.storageResources?.[at]?.value ?? null),
  }));
  return {
    limitsMemory: amount('limitsMemory'),
    limitsCpu: amount('limitsCpu'),
    limitsGpu: amount('limitsGpu'),
    requestsMemory: amount('requestsMemory'),
    requestsCpu: amount('requestsCpu'),
    requestsGpu: amount('requestsGpu'),
    storageResources: orNull(storages),
  };
}

function describeParams(params: JsonValue | undefined, defaults: MetaInfoValues['params']) {
  return orNull(
    asObjects(params).map((param, at) => ({
      name: asString(field(param, 'name')),
      ...itemOf(param, defaults?.[at]?.value ?? ''),
    })),
  );
}

function describeItem<T>(item: JsonValue | undefined, defaultValue: T) {
  return isJsonObject(item) ? itemOf(item, defaultValue) : null;
}

function itemOf<T>(item: JsonObject, defaultValue: T) {
  return {
    mapKey: asString(field(item, 'mapKey')),
    defaultValue,
    description: asString(field(item, 'description')),
    type: asString(field(item, 'type')),
    required: field(item, 'required') === true,
  };
}
