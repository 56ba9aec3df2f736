import { Type, type Static } from 'typebox';

/** A right that is missing, as Kubernetes names it. */
const MissingRight = Type.Object(
  {
    verb: Type.String({ description: 'Verb of the right, such as update.' }),
    group: Type.String({ description: 'API group; empty for the core group.' }),
    resource: Type.String({ description: 'Resource, such as releaseconfigs.' }),
    namespace: Type.String({ description: 'Namespace; empty for all.' }),
  },
  { $id: 'MissingRight' },
);

/** Whether the caller may call one operation. */
export const OperationAccess = Type.Object(
  {
    operation: Type.String({ description: 'Id of the operation, as in the OpenAPI document.' }),
    allowed: Type.Boolean({ description: 'Whether the caller has all rights of it, on all names.' }),
    missing: Type.Optional(
      Type.Object(MissingRight.properties, { description: 'The first missing right; present if it is not allowed.' }),
    ),
    reason: Type.Optional(
      Type.String({ description: 'The refusal in words, as the operation answers it; present if it is not allowed.' }),
    ),
  },
  { $id: 'OperationAccess' },
);
export type OperationAccess = Static<typeof OperationAccess>;

/** A namespace in which the caller may list or install releases. */
export const NamespaceAccess = Type.Object(
  {
    name: Type.String({ description: 'Name of the namespace.' }),
    list: Type.Boolean({ description: 'Whether the caller may list its releases.' }),
    install: Type.Boolean({ description: 'Whether the caller may install releases in it.' }),
  },
  { $id: 'NamespaceAccess' },
);
export type NamespaceAccess = Static<typeof NamespaceAccess>;

/** What the caller may do. */
export const AccessOverview = Type.Object(
  {
    namespace: Type.String({ description: 'Where the operations were judged; empty: in all namespaces at once.' }),
    everything: Type.Boolean({ description: 'Whether everyone may do everything (`auth.mode: none`).' }),
    operations: Type.Array(OperationAccess, { description: 'Every operation of the API.' }),
    namespaces: Type.Array(NamespaceAccess, {
      description: 'Namespaces in which the caller may list or install releases, by name; only those of this page.',
    }),
    continue: Type.Optional(
      Type.String({ description: 'Present if more namespaces are to be judged: pass it as `continue`.' }),
    ),
  },
  {
    $id: 'AccessOverview',
    examples: [
      {
        namespace: 'demo',
        everything: false,
        operations: [
          { operation: 'getRelease', allowed: true },
          {
            operation: 'pauseRelease',
            allowed: false,
            missing: {
              verb: 'update',
              group: 'apiextensions.transwarp.io',
              resource: 'releaseconfigs',
              namespace: 'demo',
            },
            reason: 'user "ann" cannot update releaseconfigs.apiextensions.transwarp.io in the namespace "demo"',
          },
        ],
        namespaces: [{ name: 'demo', list: true, install: false }],
      },
    ],
  },
);
export type AccessOverview = Static<typeof AccessOverview>;
