import { Type, type Static, type TSchema } from 'typebox';
import { nullable, TextMap } from '../json.ts';
import { ReleasePlugin } from '../plugin.ts';

/** One configurable value: where it is in the values, and what it is by default. */
function item<T extends TSchema>(defaultValue: T) {
  return Type.Object({
    mapKey: Type.String({ description: 'Its path in the values: keys separated by dots, `\\.` for a dot in a key.' }),
    defaultValue,
    description: Type.String({ description: 'What it is for.' }),
    type: Type.String({ description: 'Its type, as the metainfo names it.' }),
    required: Type.Boolean({ description: 'Whether the metainfo says that it has to be given.' }),
  });
}

const optional = <T extends TSchema>(defaultValue: T) => nullable(item(defaultValue));

const NamedItem = Type.Object({
  name: Type.String({ description: 'Name of the parameter.' }),
  ...item(Type.String({ description: 'Raw JSON text of the value; empty if there is none.' })).properties,
});

const Memory = Type.Number({ description: 'Gi, or Mi if the server counts so.' });
const Cores = Type.Number({ description: 'Cores.' });

const Storage = Type.Object({
  name: Type.String({ description: 'Name of the storage.' }),
  ...item(
    nullable(
      Type.Object({
        accessModes: nullable(Type.Array(Type.String())),
        storageClass: Type.String(),
        size: Type.Number({ description: 'Gi.' }),
      }),
    ),
  ).properties,
});

const Probe = Type.Object({ defined: Type.Boolean(), enable: Type.Boolean() });

const Role = Type.Object({
  name: Type.String({ description: 'Name of the container or init container.' }),
  description: Type.String(),
  type: Type.String({ description: '`container` or `initContainer`.' }),
  baseConfig: nullable(
    Type.Object({
      image: optional(Type.String()),
      priority: optional(Type.Integer()),
      replicas: optional(Type.Integer()),
      env: optional(nullable(Type.Array(Type.Object({ name: Type.String(), value: Type.String() })))),
      useHostNetwork: optional(Type.Boolean()),
      others: nullable(Type.Array(NamedItem)),
    }),
  ),
  resources: nullable(
    Type.Object({
      limitsMemory: optional(Memory),
      limitsCpu: optional(Cores),
      limitsGpu: optional(Cores),
      requestsMemory: optional(Memory),
      requestsCpu: optional(Cores),
      requestsGpu: optional(Cores),
      storageResources: nullable(Type.Array(Storage)),
    }),
  ),
  healthChecks: nullable(
    Type.Object(
      { readinessProbe: nullable(Probe), livenessProbe: nullable(Probe) },
      { description: 'For people only.' },
    ),
  ),
});

/**
 * `transwarp-meta/metainfo.yaml` of a chart. Every `defaultValue` is what the chart's values.yaml has at `mapKey`,
 * whatever the metainfo says.
 */
export const ChartMetaInfo = Type.Object(
  {
    friendlyName: Type.String({ description: 'Name for people.' }),
    categories: nullable(Type.Array(Type.String())),
    dependencies: nullable(
      Type.Array(
        Type.Object({
          name: Type.Optional(Type.String({ description: 'Key of the dependency in requests.' })),
          minVersion: Type.String(),
          maxVersion: Type.String(),
          dependencyOptional: Type.Boolean(),
          aliasConfigVar: Type.Optional(Type.String({ description: "Path of the provider's outputs in the values." })),
          chartName: Type.String(),
          type: Type.String(),
        }),
      ),
    ),
    roles: nullable(Type.Array(Role)),
    params: nullable(Type.Array(NamedItem)),
    plugins: nullable(Type.Array(ReleasePlugin)),
    customParams: nullable(TextMap),
    outputs: Type.Optional(Type.Unsafe<Record<string, string>>({ ...TextMap, description: 'Expressions by output.' })),
  },
  { $id: 'ChartMetaInfo' },
);
export type ChartMetaInfo = Static<typeof ChartMetaInfo>;
