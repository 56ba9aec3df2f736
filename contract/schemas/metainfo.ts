import { Type, type Static } from 'typebox';
import { AnyValue, described, nullable, TextMap } from './json.ts';

/** Memory in Gi as a number, or a Kubernetes quantity (decision 16). */
const MemoryAmount = Type.Union([Type.Number({ minimum: 0 }), Type.String()], {
  description: 'Gi as a number, fractions allowed, or a quantity such as "4096Mi".',
});
/** CPU in cores as a number, or a Kubernetes quantity (decision 16). */
const CoreAmount = Type.Union([Type.Number({ minimum: 0 }), Type.String()], {
  description: 'Cores as a number, fractions allowed, or a quantity such as "500m".',
});

const ParamValue = Type.Object({
  name: Type.String({ description: "As the chart's metainfo calls it." }),
  type: Type.Optional(Type.String({ description: 'For people: the metainfo knows its type. Has no effect.' })),
  value: Type.Optional(
    described(AnyValue, 'JSON, or its text: the text `abc` is `"\\"abc\\""`. The empty text is null.'),
  ),
});

const EnvValue = Type.Object({
  name: Type.String({ description: 'Name of the variable.' }),
  value: Type.String({ description: 'Its value.' }),
});

const StorageRequest = Type.Object({
  name: Type.String({ description: "As the chart's metainfo calls the storage." }),
  value: Type.Optional(
    Type.Object(
      {
        accessModes: Type.Optional(
          Type.Array(Type.String(), {
            description:
              'Such as `ReadWriteOnce`. A chart with one `accessMode` does not read them: a warning `PARAM_NOT_READ`.',
          }),
        ),
        storageClass: Type.Optional(Type.String({ description: 'Name of the StorageClass of its claims.' })),
        size: Type.Optional(
          Type.Union([Type.Number({ minimum: 0 }), Type.String()], { description: 'Gi as a number, or a quantity.' }),
        ),
      },
      { description: 'What is given is written over what stands there; the rest stays.' },
    ),
  ),
});

/** `metaInfoParams` of a request: parameters by the names that the chart's metainfo gives them. */
export const MetaInfoParams = Type.Object(
  {
    memoryUnit: Type.Optional(
      Type.Union([Type.Literal('Gi'), Type.Literal('Mi')], { description: 'Unit of memory given as a number.' }),
    ),
    params: Type.Optional(Type.Array(ParamValue, { description: 'Parameters of the whole chart.' })),
    roles: Type.Optional(
      Type.Array(
        Type.Object({
          name: Type.String({ description: "As the chart's metainfo calls the role: a container or init container." }),
          baseConfig: Type.Optional(
            Type.Object(
              {
                image: Type.Optional(Type.String({ description: 'Image of the container.' })),
                priority: Type.Optional(Type.Integer({ description: 'As the chart takes it.' })),
                replicas: Type.Optional(Type.Integer({ minimum: 0, description: 'Pods.' })),
                env: Type.Optional(
                  Type.Array(EnvValue, {
                    description: 'Variables of the container, all of them; an empty list changes nothing.',
                  }),
                ),
                useHostNetwork: Type.Optional(
                  Type.Boolean({ description: 'Whether pods use the network of their node.' }),
                ),
                others: Type.Optional(
                  Type.Array(ParamValue, { description: 'Parameters of the role that have no field here.' }),
                ),
              },
              { description: 'How the role runs.' },
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
                storageResources: Type.Optional(Type.Array(StorageRequest, { description: 'Its storages, by name.' })),
              },
              { description: 'What the role may use: limits and requests of its container.' },
            ),
          ),
        }),
        { description: 'Parameters by role.' },
      ),
    ),
    customParams: Type.Optional(
      described(TextMap, 'They describe a chart: in a request they have no effect, and are a warning.'),
    ),
  },
  { $id: 'MetaInfoParams', description: "Parameters by the names that the chart's metainfo gives them." },
);
export type MetaInfoParams = Static<typeof MetaInfoParams>;

const ParamText = Type.Object({
  name: Type.String({ description: 'As the metainfo calls it.' }),
  type: Type.String({ description: 'As the metainfo says.' }),
  value: Type.String({ description: 'Raw JSON text as found in the values, empty when there is none.' }),
});

/** `metaInfoValues` of a release: what its values say, by the metainfo's names. Memory and storage in Gi, cpu in cores. */
export const MetaInfoValues = Type.Object(
  {
    params: described(nullable(Type.Array(ParamText)), 'Parameters of the whole chart.'),
    roles: nullable(
      Type.Array(
        Type.Object({
          name: Type.String({ description: 'As the metainfo calls the role.' }),
          baseConfig: nullable(
            Type.Object(
              {
                image: described(nullable(Type.String()), 'Image of the container.'),
                priority: described(nullable(Type.Integer()), 'As the chart takes it.'),
                replicas: described(nullable(Type.Integer()), 'Pods.'),
                env: described(nullable(Type.Array(EnvValue)), 'Variables of the container.'),
                useHostNetwork: described(nullable(Type.Boolean()), 'Whether pods use the network of their node.'),
                others: described(nullable(Type.Array(ParamText)), 'Parameters of the role that have no field here.'),
              },
              { description: 'How the role runs.' },
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
                      name: Type.String({ description: 'As the metainfo calls the storage.' }),
                      value: nullable(
                        Type.Object(
                          {
                            accessModes: described(nullable(Type.Array(Type.String())), 'Such as ReadWriteOnce.'),
                            storageClass: Type.String({ description: 'Name of the StorageClass.' }),
                            size: Type.Number({ description: 'Gi.' }),
                          },
                          { description: 'The storage; null where the values say none.' },
                        ),
                      ),
                    }),
                    { description: 'Its storages, by name.' },
                  ),
                ),
              },
              { description: 'What the role may use.' },
            ),
          ),
        }),
        { description: 'Parameters by role.' },
      ),
    ),
    customParams: described(nullable(TextMap), 'As the metainfo has them.'),
  },
  { $id: 'MetaInfoValues' },
);
export type MetaInfoValues = Static<typeof MetaInfoValues>;
