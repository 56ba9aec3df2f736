import type { JsonObject, JsonValue } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';
import type { Conversion } from './conversion.ts';
import { mapField, mapList } from './with-defaults.ts';

function defined(fields: Record<string, JsonValue | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]): [string, JsonValue][] =>
      value === undefined || value === null ? [] : [[key, value]],
    ),
  );
}

/** The target of a metric: `autoscaling/v2beta1` had a field for each kind of target. */
function targetOf(source: JsonObject, averageField: string): JsonObject {
  const { targetAverageUtilization: utilization, targetValue: value } = source;
  const average = source[averageField];
  if (utilization !== undefined && utilization !== null) {
    return { type: 'Utilization', averageUtilization: utilization };
  }
  return average !== undefined && average !== null
    ? { type: 'AverageValue', averageValue: average }
    : { type: 'Value', ...defined({ value }) };
}

function metricOf(source: JsonObject, selectorField = 'selector'): JsonObject {
  return defined({ name: source['metricName'], selector: source[selectorField] });
}

function convertMetric(metric: JsonObject): JsonObject {
  const resource = (source: JsonObject) => ({
    ...defined({ name: source['name'], container: source['container'] }),
    target: targetOf(source, 'targetAverageValue'),
  });
  const sources: Record<string, (source: JsonObject) => JsonObject> = {
    resource,
    containerResource: resource,
    pods: (source) => ({ metric: metricOf(source), target: targetOf(source, 'targetAverageValue') }),
    object: (source) => ({
      describedObject: asObject(source['target']),
      metric: metricOf(source),
      target: targetOf(source, 'averageValue'),
    }),
    external: (source) => ({
      metric: metricOf(source, 'metricSelector'),
      target: targetOf(source, 'targetAverageValue'),
    }),
  };
  return Object.entries(sources).reduce((converted, [name, change]) => mapField(converted, name, change), metric);
}

/** Autoscalers: `v2beta1` was withdrawn in 1.25, `v2beta2` in 1.26. */
export const autoscalerConversions: readonly Conversion[] = [
  {
    kind: 'HorizontalPodAutoscaler',
    from: ['autoscaling/v2alpha1', 'autoscaling/v2beta1'],
    to: ['autoscaling/v2', 'autoscaling/v2beta2'],
    convert: (object) => mapField(object, 'spec', (spec) => mapList(spec, 'metrics', convertMetric)),
  },
  { kind: 'HorizontalPodAutoscaler', from: ['autoscaling/v2beta2'], to: ['autoscaling/v2'] },
];
