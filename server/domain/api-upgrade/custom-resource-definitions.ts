import { isJsonObject, type JsonObject } from '../json/json.ts';
import { asObject, asObjects, asString } from '../json/json-reading.ts';
import { type Conversion, NotConvertible } from './conversion.ts';
import { structuralSchema } from './structural-schema.ts';
import { mapField, withDefaults, without } from './with-defaults.ts';

const APPROVAL = 'api-approved.kubernetes.io';
const PROTECTED_GROUP = /(^|\.)(k8s|kubernetes)\.io$/;

/** One field for all versions in `v1beta1`, one per version in `v1`. */
const PER_VERSION = ['validation', 'subresources', 'additionalPrinterColumns'];

function versionsOf(spec: JsonObject): JsonObject[] {
  const listed = asObjects(spec['versions']);
  const single = asString(spec['version']);
  if (listed.length > 0) {
    return listed;
  }
  if (single === '') {
    throw new NotConvertible('it names no version');
  }
  return [{ name: single, served: true, storage: true }];
}

function convertVersion(version: JsonObject, spec: JsonObject): JsonObject {
  const shared = Object.fromEntries(Object.entries(spec).filter(([name]) => PER_VERSION.includes(name)));
  const { schema, validation, subresources, additionalPrinterColumns: columns, ...rest } = { ...shared, ...version };
  const own = asObject(isJsonObject(schema) ? schema : validation)['openAPIV3Schema'];
  // Only an explicit false pruned fields that the schema does not name.
  const preserve = spec['preserveUnknownFields'] !== false;
  return {
    ...rest,
    schema: { openAPIV3Schema: structuralSchema(isJsonObject(own) ? own : undefined, preserve) },
    ...(isJsonObject(subresources) && { subresources }),
    ...(Array.isArray(columns) && {
      additionalPrinterColumns: asObjects(columns).map(({ JSONPath, ...column }) => ({
        ...column,
        jsonPath: JSONPath ?? column['jsonPath'] ?? '',
      })),
    }),
  };
}

function convertConversion(conversion: JsonObject): JsonObject {
  const { webhookClientConfig, conversionReviewVersions, ...rest } = conversion;
  return conversion['strategy'] === 'Webhook'
    ? {
        ...rest,
        webhook: {
          ...(isJsonObject(webhookClientConfig) && { clientConfig: webhookClientConfig }),
          conversionReviewVersions: conversionReviewVersions ?? ['v1beta1'],
        },
      }
    : rest;
}

/** Groups of Kubernetes' own need an annotation that says who approved the API. */
function withApproval(object: JsonObject, group: string): JsonObject {
  if (!PROTECTED_GROUP.test(group)) {
    return object;
  }
  const metadata = asObject(object['metadata']);
  const annotations = withDefaults(asObject(metadata['annotations']), {
    [APPROVAL]: 'unapproved, converted from apiextensions.k8s.io/v1beta1',
  });
  return { ...object, metadata: { ...metadata, annotations } };
}

function convertDefinition(object: JsonObject): JsonObject {
  const converted = mapField(without(object, 'status'), 'spec', (spec) => {
    const rest = without(spec, 'version', 'versions', 'preserveUnknownFields', ...PER_VERSION);
    return withDefaults(
      {
        ...mapField(rest, 'conversion', convertConversion),
        versions: versionsOf(spec).map((each) => convertVersion(each, spec)),
      },
      { scope: 'Namespaced' },
    );
  });
  return withApproval(converted, asString(asObject(object['spec'])['group']));
}

/** Custom resource definitions: `v1beta1` was withdrawn in 1.22; `v1` requires structural schemas. */
export const definitionConversions: readonly Conversion[] = [
  {
    kind: 'CustomResourceDefinition',
    from: ['apiextensions.k8s.io/v1beta1'],
    to: ['apiextensions.k8s.io/v1'],
    convert: convertDefinition,
  },
];
