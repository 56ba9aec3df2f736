import { Type, type Static } from 'typebox';
import { AnyValue, described, nullable, TextMap } from './json.ts';

/** Memory in Gi as a number, or a Kubernetes quantity (decision 16: units of metaInfoParams). */
const MemoryAmount = Type.Union([Type.Number({ minimum: 0 }), Type.String()], {
  description: 'Gi as a number, fractions allowed, or a quantity such as "4096Mi".',
});
/** CPU in cores as a number, or a Kubernetes quantity (decision 16: units of metaInfoParams). */
const CoreAmount = Type.Union([Type.Number({ minimum: 0 }), Type.String()], {
  description: 'Cores as a number, fractions allowed, or a quantity such as "500m".',
});

const ParamValue = Type.Object({
  name: Type.String({ description: "Name of the parameter in the chart's metainfo." }),
  type: Type.Optional(
    Type.String({ description: 'Informational; has no effect, because the metainfo defines the type.' }),
  ),
  value: Type.Optional(
    described(AnyValue, 'JSON, or JSON as a string: the string `abc` is `"\\"abc\\""`. The empty string is null.'),
  ),
});

const EnvValue = Type.Object({
  name: Type.String({ description: 'Name of the variable.' }),
  value: Type.String({ description: 'Its value.' }),
});

const StorageRequest = Type.Object({
  name: Type.String({ description: "Name of the storage in the chart's metainfo." }),
  value: Type.Optional(
    Type.Object(
      {
        accessModes: Type.Optional(
          Type.Array(Type.String(), {
            description:
              'Access modes such as `ReadWriteOnce`. A chart with a single `accessMode` ignores this field, with a warning `PARAM_NOT_READ`.',
          }),
        ),
        storageClass: Type.Optional(Type.String({ description: 'StorageClass of the claims.' })),
        size: Type.Optional(
          Type.Union([Type.Number({ minimum: 0 }), Type.String()], {
            description: 'Size: a number in Gi, or a quantity.',
          }),
        ),
      },
      { description: 'Fields that are given replace the present ones; the others stay.' },
    ),
  ),
});

/** `metaInfoParams` of a request: parameters by their names in the chart's metainfo. */
export const MetaInfoParams = Type.Object(
  {
    memoryUnit: Type.Optional(
      Type.Union([Type.Literal('Gi'), Type.Literal('Mi')], { description: 'Unit of memory sizes given as numbers.' }),
    ),
    params: Type.Optional(Type.Array(ParamValue, { description: 'Parameters of the whole chart.' })),
    roles: Type.Optional(
      Type.Array(
        Type.Object({
          name: Type.String({
            description: "Name of the role (a container or init container) in the chart's metainfo.",
          }),
          baseConfig: Type.Optional(
            Type.Object(
              {
                image: Type.Optional(Type.String({ description: 'Image of the container.' })),
                priority: Type.Optional(Type.Integer({ description: 'Priority, as the chart interprets it.' })),
                replicas: Type.Optional(Type.Integer({ minimum: 0, description: 'Pods.' })),
                env: Type.Optional(
                  Type.Array(EnvValue, {
                    description:
                      'The complete list of environment variables of the container; an empty list changes nothing.',
                  }),
                ),
                useHostNetwork: Type.Optional(
                  Type.Boolean({ description: 'Whether pods use the network of their node.' }),
                ),
                others: Type.Optional(
                  Type.Array(ParamValue, {
                    description: 'Parameters of the role that have no field of their own here.',
                  }),
                ),
              },
              { description: 'Runtime configuration of the role.' },
            ),
          ),
          resources: Type.Optional(
            Type.Object(
              {
                limitsMemory: Type.Optional(MemoryAmount),
                requestsMemory: Type.Optional(MemoryAmount),
                limitsCpu: Type.Optional(CoreAmount),
                requestsCpu: Type.Optional(CoreAmount),
                limitsGpu: Type.Optional(CoreAmount),
                requestsGpu: Type.Optional(CoreAmount),
                storageResources: Type.Optional(
                  Type.Array(StorageRequest, { description: 'Storages of the role, by name.' }),
                ),
              },
              { description: 'Resource limits and requests of the role.' },
            ),
          ),
        }),
        { description: 'Parameters by role.' },
      ),
    ),
    customParams: Type.Optional(
      described(TextMap, 'Part of the description of a chart: in a request they have no effect and cause a warning.'),
    ),
  },
  { $id: 'MetaInfoParams', description: "Parameters by their names in the chart's metainfo." },
);
export type MetaInfoParams = Static<typeof MetaInfoParams>;

const ParamText = Type.Object({
  name: Type.String({ description: 'Name of the parameter in the metainfo.' }),
  type: Type.String({ description: 'Type of the parameter in the metainfo.' }),
  value: Type.String({ description: 'Raw JSON text of the value; empty if there is none.' }),
});

/** `metaInfoValues` of a release: its values by the names of the metainfo. Memory and storage in Gi, cpu in cores. */
export const MetaInfoValues = Type.Object(
  {
    params: described(nullable(Type.Array(ParamText)), 'Parameters of the whole chart.'),
    roles: nullable(
      Type.Array(
        Type.Object({
          name: Type.String({ description: 'Name of the role in the metainfo.' }),
          baseConfig: nullable(
            Type.Object(
              {
                image: described(nullable(Type.String()), 'Image of the container.'),
                priority: described(nullable(Type.Integer()), 'Priority, as the chart interprets it.'),
                replicas: described(nullable(Type.Integer()), 'Pods.'),
                env: described(nullable(Type.Array(EnvValue)), 'Variables of the container.'),
                useHostNetwork: described(nullable(Type.Boolean()), 'Whether pods use the network of their node.'),
                others: described(
                  nullable(Type.Array(ParamText)),
                  'Parameters of the role that have no field of their own here.',
                ),
              },
              { description: 'Runtime configuration of the role.' },
            ),
          ),
          resources: nullable(
            Type.Object(
              {
                limitsMemory: described(nullable(Type.Number()), 'Gi.'),
                requestsMemory: described(nullable(Type.Number()), 'Gi.'),
                limitsCpu: described(nullable(Type.Number()), 'Cores.'),
                requestsCpu: described(nullable(Type.Number()), 'Cores.'),
                limitsGpu: described(nullable(Type.Number()), 'Cores.'),
                requestsGpu: described(nullable(Type.Number()), 'Cores.'),
                storageResources: nullable(
                  Type.Array(
                    Type.Object({
                      name: Type.String({ description: 'Name of the storage in the metainfo.' }),
                      value: nullable(
                        Type.Object(
                          {
                            accessModes: described(nullable(Type.Array(Type.String())), 'Such as ReadWriteOnce.'),
                            storageClass: Type.String({ description: 'Name of the StorageClass.' }),
                            size: Type.Number({ description: 'Gi.' }),
                          },
                          { description: 'The storage; null if the values define none.' },
                        ),
                      ),
                    }),
                    { description: 'Storages of the role, by name.' },
                  ),
                ),
              },
              { description: 'Resources of the role.' },
            ),
          ),
        }),
        { description: 'Parameters by role.' },
      ),
    ),
    customParams: described(nullable(TextMap), 'Custom parameters of the metainfo.'),
  },
  { $id: 'MetaInfoValues' },
);
export type MetaInfoValues = Static<typeof MetaInfoValues>;
