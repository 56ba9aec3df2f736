import { Type, type Static } from 'typebox';

/** Names one Kubernetes object. */
export const ObjectRef = Type.Object(
  {
    apiVersion: Type.String({ description: 'API version such as `apps/v1`.' }),
    kind: Type.String({ description: 'Kind, such as Deployment.' }),
    namespace: Type.String({ description: 'Namespace; empty for cluster-scoped kinds.' }),
    name: Type.String({ description: 'Name of the object.' }),
  },
  { $id: 'ObjectRef', description: 'Names one Kubernetes object.' },
);
export type ObjectRef = Static<typeof ObjectRef>;

/** Something that was accepted but probably not meant, or done differently than requested. */
export const Warning = Type.Object(
  {
    code: Type.String({ description: 'Stable code, for example `FIELD_UNKNOWN`.' }),
    message: Type.String({ description: 'What was ignored or changed, and why.' }),
    object: Type.Optional(ObjectRef),
    count: Type.Optional(
      Type.Integer({
        description: 'Number of objects, if the warning is about several of a kind; `object` is the first.',
      }),
    ),
    path: Type.Optional(Type.String({ description: 'JSON pointer into the request, or a path in the object.' })),
  },
  { $id: 'Warning' },
);
export type Warning = Static<typeof Warning>;
