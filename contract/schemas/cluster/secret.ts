import { Type, type Static } from 'typebox';
import { described, TextMap } from '../json.ts';
import { meta } from '../release-resources.ts';
import { shownList } from './shown-list.ts';

/** A Secret of the cluster. */
export const ClusterSecret = Type.Object(
  {
    ...meta,
    data: described(
      TextMap,
      'Values by key. In lists, and of Secrets in which Helm or Walm keep what is theirs, each value is `***`.',
    ),
    base64Keys: Type.Array(Type.String(), {
      description: 'Keys whose values are not UTF-8 text, and are in base64 instead.',
    }),
    type: Type.String({ description: 'Type of the Secret, such as Opaque.' }),
    immutable: Type.Boolean({ description: 'True: the values cannot be changed.' }),
    createdAt: Type.String({ description: 'RFC 3339.' }),
  },
  { $id: 'ClusterSecret' },
);
export type ClusterSecret = Static<typeof ClusterSecret>;

export const ClusterSecretList = shownList('ClusterSecretList', ClusterSecret);
export type ClusterSecretList = Static<typeof ClusterSecretList>;
