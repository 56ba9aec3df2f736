import { Type, type Static } from 'typebox';
import { AnyValue, nullable, TextMap } from './json.ts';

/** Memory in Gi as a number, or a Kubernetes quantity (decision 16). */
const MemoryAmount = Type.Union([Type.Number({ minimum: 0 }), Type.String()], {
  description: 'Gi as a number, fractions allowed, or a quantity such as "4096Mi".',
});
/** CPU in cores as a number, or a Kubernetes quantity (decision 16). */
const CoreAmount = Type.Union([Type.Number({ minimum: 0 }), Type.String()], {
  description: 'Cores as a number, fractions allowed, or a quantity such as "500m".',
});

const ParamValue = Type.Object({
  name: Type.String(),
  type: Type.Optional(Type.String()),
  value: Type.Optional(AnyValue),
});

const EnvValue = Type.Object({ name: Type.String(), value: Type.String() });

const StorageRequest = Type.Object({
  name: Type.String(),
  value: Type.Optional(
    Type.Object({
      accessModes: Type.Optional(Type.Array(Type.String())),
      storageClass: Type.Optional(Type.String()),
      size: Type.Optional(
        Type.Union([Type.Number({ minimum: 0 }), Type.String()], { description: 'Gi as a number, or a quantity.' }),
      ),
    }),
  ),
});

/** `metaInfoParams` of a request: parameters by the names that the chart's metainfo gives them. */
export const MetaInfoParams = Type.Object(
  {
    memoryUnit: Type.Optional(
      Type.Union([Type.Literal('Gi'), Type.Literal('Mi')], { description: 'Unit of memory given as a number.' }),
    ),
    params: Type.Optional(Type.Array(ParamValue)),
    roles: Type.Optional(
      Type.Array(
        Type.Object({
          name: Type.String(),
          baseConfig: Type.Optional(
            Type.Object({
              image: Type.Optional(Type.String()),
              priority: Type.Optional(Type.Integer()),
              replicas: Type.Optional(Type.Integer({ minimum: 0 })),
              env: Type.Optional(Type.Array(EnvValue)),
              useHostNetwork: Type.Optional(Type.Boolean()),
              others: Type.Optional(Type.Array(ParamValue)),
            }),
          ),
          resources: Type.Optional(
            Type.Object({
              limitsMemory: Type.Optional(MemoryAmount),
              requestsMemory: Type.Optional(MemoryAmount),
              limitsCpu: Type.Optional(CoreAmount),
              requestsCpu: Type.Optional(CoreAmount),
              limitsGpu: Type.Optional(CoreAmount),
              requestsGpu: Type.Optional(CoreAmount),
              storageResources: Type.Optional(Type.Array(StorageRequest)),
            }),
          ),
        }),
      ),
    ),
    customParams: Type.Optional(TextMap),
  },
  { $id: 'MetaInfoParams', description: "Parameters by the names that the chart's metainfo gives them." },
);
export type MetaInfoParams = Static<typeof MetaInfoParams>;

const ParamText = Type.Object({
  name: Type.String(),
  type: Type.String(),
  value: Type.String({ description: 'Raw JSON text as found in the values, empty when there is none.' }),
});

/** `metaInfoValues` of a release: what its values say, by the metainfo's names. Memory and storage in Gi, cpu in cores. */
export const MetaInfoValues = Type.Object(
  {
    params: nullable(Type.Array(ParamText)),
    roles: nullable(
      Type.Array(
        Type.Object({
          name: Type.String(),
          baseConfig: nullable(
            Type.Object({
              image: nullable(Type.String()),
              priority: nullable(Type.Integer()),
              replicas: nullable(Type.Integer()),
              env: nullable(Type.Array(EnvValue)),
              useHostNetwork: nullable(Type.Boolean()),
              others: nullable(Type.Array(ParamText)),
            }),
          ),
          resources: nullable(
            Type.Object({
              limitsMemory: nullable(Type.Number({ description: 'Gi.' })),
              requestsMemory: nullable(Type.Number({ description: 'Gi.' })),
              limitsCpu: nullable(Type.Number({ description: 'Cores.' })),
              requestsCpu: nullable(Type.Number({ description: 'Cores.' })),
              limitsGpu: nullable(Type.Number({ description: 'Cores.' })),
              requestsGpu: nullable(Type.Number({ description: 'Cores.' })),
              storageResources: nullable(
                Type.Array(
                  Type.Object({
                    name: Type.String(),
                    value: nullable(
                      Type.Object({
                        accessModes: nullable(Type.Array(Type.String())),
                        storageClass: Type.String(),
                        size: Type.Number({ description: 'Gi.' }),
                      }),
                    ),
                  }),
                ),
              ),
            }),
          ),
        }),
      ),
    ),
    customParams: nullable(TextMap),
  },
  { $id: 'MetaInfoValues' },
);
export type MetaInfoValues = Static<typeof MetaInfoValues>;
