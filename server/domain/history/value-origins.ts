import type { ValueOrigin } from '../../../contract/schemas/release-history.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { toPointer } from '../../../contract/json-pointer.ts';
import { readValuePath, type ValuePath } from '../values/value-path.ts';

/** The layers of a release's values; each takes precedence over the following ones (decision 18: order of values). */
export type ValueLayers = {
  configValues: JsonObject;
  injected: JsonObject;
  commonValues: JsonObject;
  /** `values.yaml` of the chart itself; null if its archive is not available. */
  chart: JsonObject | null;
  /** Keys under which subcharts have their values. */
  subcharts: readonly string[];
  /** The path of each dependency's outputs. */
  aliases: readonly { key: string; provider: string; path: ValuePath }[];
};

/**
 * Returns for every value of a release the layer that it comes from. Arrays count as one value, because layers replace
 * them as a whole; so do empty objects.
 */
export function valueOrigins(computed: JsonObject, layers: ValueLayers): ValueOrigin[] {
  return leavesOf(computed, []).map(({ path, value }) => {
    const pointer = toPointer(path);
    return { path: pointer, value, ...layerOf(path, layers) };
  });
}

function layerOf(path: ValuePath, layers: ValueLayers): Omit<ValueOrigin, 'path' | 'value'> {
  if (reaches(layers.configValues, path)) {
    return { layer: 'configValues' };
  }
  if (reaches(layers.injected, path)) {
    const dependency = layers.aliases
      .filter((alias) => alias.path.every((key, i) => path[i] === key))
      .toSorted((a, b) => b.path.length - a.path.length)[0];
    return {
      layer: 'injected',
      ...(dependency !== undefined && { dependency: dependency.key, provider: dependency.provider }),
    };
  }
  if (reaches(layers.commonValues, path)) {
    return { layer: 'commonValues' };
  }
  const [first = ''] = path;
  const isSubchart = layers.subcharts.includes(first) && !(layers.chart !== null && reaches(layers.chart, path));
  return isSubchart ? { layer: 'subchart', chart: first } : { layer: 'chart' };
}

function reaches(layer: JsonObject, path: ValuePath): boolean {
  return readValuePath(layer, path) !== undefined;
}

function leavesOf(value: JsonValue, path: ValuePath): { path: ValuePath; value: JsonValue }[] {
  if (!isJsonObject(value) || (Object.keys(value).length === 0 && path.length > 0)) {
    return [{ path, value }];
  }
  return Object.entries(value).flatMap(([key, entry]) => leavesOf(entry, [...path, key]));
}
