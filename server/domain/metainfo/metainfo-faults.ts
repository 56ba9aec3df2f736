import { isJsonObject, type JsonValue } from '../json/json.ts';
import { parseMetainfoYaml } from './metainfo-yaml.ts';
import { parseOutputExpression } from '../outputs/output-expression.ts';

/** The expected type of a metainfo field; other fields are not read and may be anything. */
type Shape =
  | 'text'
  | 'text or number'
  | 'true or false'
  | 'output expression'
  | 'arguments'
  | { listOf: Shape }
  | { mapOf: Shape }
  | { fields: Readonly<Record<string, Shape>> };

const NAMES: Readonly<Record<Extract<Shape, string>, string>> = {
  text: 'a text',
  'text or number': 'a text or a number',
  'true or false': 'true or false',
  'output expression': 'an output expression',
  arguments: 'a mapping or a text',
};

const ITEM: Shape = { fields: { mapKey: 'text', type: 'text' } };
const NAMED_ITEM: Shape = { fields: { name: 'text', mapKey: 'text', type: 'text' } };

/** Maximum characters: keys are as long as the chart likes. */
const MAX_PLACE_LENGTH = 200;

/** The fields as `parseMetainfo` reads them, whose defaults hide faults. */
const METAINFO: Shape = {
  fields: {
    dependencies: {
      listOf: {
        fields: {
          name: 'text',
          chartName: 'text',
          minVersion: 'text',
          maxVersion: 'text',
          dependencyOptional: 'true or false',
          aliasConfigVar: 'text',
        },
      },
    },
    params: { listOf: NAMED_ITEM },
    roles: {
      listOf: {
        fields: {
          name: 'text',
          baseConfig: {
            fields: {
              image: ITEM,
              priority: ITEM,
              replicas: ITEM,
              env: ITEM,
              useHostNetwork: ITEM,
              others: { listOf: NAMED_ITEM },
            },
          },
          resources: {
            fields: {
              limitsMemory: ITEM,
              limitsCpu: ITEM,
              limitsGpu: ITEM,
              requestsMemory: ITEM,
              requestsCpu: ITEM,
              requestsGpu: ITEM,
              storageResources: { listOf: NAMED_ITEM },
            },
          },
        },
      },
    },
    customParams: { mapOf: 'text or number' },
    plugins: {
      listOf: { fields: { name: 'text', args: 'arguments', version: 'text or number', disable: 'true or false' } },
    },
    outputs: { mapOf: 'output expression' },
  },
};

/**
 * The faults of a metainfo.yaml, each a sentence that names the place; none for an empty one. Keys match
 * case-insensitively, as when reading.
 */
export function metainfoFaults(text: string): string[] {
  let document: JsonValue;
  try {
    document = parseMetainfoYaml(text);
  } catch (error) {
    const [reason = ''] = String(error instanceof Error ? error.message : error).split('\n', 1);
    return [`it is not YAML: ${reason.replace(/:$/, '')}`];
  }
  return faultsAt(document, METAINFO, '');
}

function faultsAt(value: JsonValue, shape: Shape, place: string): string[] {
  if (value === null) {
    return [];
  }
  if (typeof shape === 'string') {
    return isScalar(value, shape) ? [] : [fault(place, NAMES[shape])];
  }
  if ('listOf' in shape) {
    return Array.isArray(value)
      ? value.flatMap((entry, index) => faultsAt(entry, shape.listOf, `${place}[${index}]`))
      : [fault(place, 'a list')];
  }
  if (!isJsonObject(value)) {
    return [fault(place, 'a mapping')];
  }
  return Object.entries(value).flatMap(([key, entry]) => {
    const inner = 'mapOf' in shape ? shape.mapOf : shapeOf(key, shape.fields);
    return inner === undefined ? [] : faultsAt(entry, inner, place === '' ? key : `${place}.${key}`);
  });
}

function shapeOf(key: string, fields: Readonly<Record<string, Shape>>): Shape | undefined {
  return Object.entries(fields).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

function isScalar(value: JsonValue, shape: Extract<Shape, string>): boolean {
  switch (shape) {
    case 'text':
      return typeof value === 'string';
    case 'text or number':
      return typeof value !== 'object';
    case 'true or false':
      return typeof value === 'boolean';
    case 'output expression':
      return typeof value === 'string' && (value === '' || parseOutputExpression(value) !== null);
    case 'arguments':
      return typeof value === 'string' || isJsonObject(value);
    default:
      return shape satisfies never;
  }
}

function fault(place: string, wanted: string): string {
  return `${place === '' ? 'it' : place.slice(0, MAX_PLACE_LENGTH)} is not ${wanted}`;
}
