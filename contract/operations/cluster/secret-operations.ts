import { Type } from 'typebox';
import { mayOn } from '../../schemas/access.ts';
import { ClusterSecret, ClusterSecretList } from '../../schemas/cluster/secret.ts';
import { SecretRequest } from '../../schemas/cluster/secret-request.ts';
import { operation } from '../parts/operation.ts';
import { changeObjectErrors, readObjectErrors } from '../parts/release-errors.ts';
import { changed, ignoreNotFound } from './changed.ts';
import { objectListQuery } from './object-list-query.ts';

const secrets = { group: '', resource: 'secrets' } as const;

/** The operations on Secrets. */
export const secretOperations = {
  listSecrets: operation({
    method: 'GET',
    path: '/api/v1/secret/{namespace}',
    tag: 'cluster',
    access: mayOn({ namespace: 'namespace' }, { verb: 'list', ...secrets }),
    summary: 'List the Secrets of a namespace, without their values',
    description: "Read in the name of the caller. Those of Walm's own namespace are not shown.",
    query: {
      ...objectListQuery,
      internal: Type.Boolean({
        description: 'Also list those in which Helm and Walm keep what is theirs: records, archives of charts.',
        default: false,
      }),
    },
    responses: { 200: { description: 'The Secrets; every value is `***`.', schema: ClusterSecretList } },
    errors: [...readObjectErrors, 'NAMESPACE_RESERVED'],
    errorPrefix: 'failed to list secrets under {namespace}: ',
  }),
  getSecret: operation({
    method: 'GET',
    path: '/api/v1/secret/{namespace}/name/{secret}',
    tag: 'cluster',
    access: mayOn({ namespace: 'namespace', name: 'secret' }, { verb: 'get', ...secrets }),
    summary: 'Get a Secret with its values',
    description:
      "Read in the name of the caller, and noted in the audit log. Of what Helm and Walm keep only the keys are shown, and nothing of Walm's own namespace.",
    holdsSecrets: true,
    audited: true,
    responses: { 200: { description: 'The Secret.', schema: ClusterSecret } },
    errors: [...readObjectErrors, 'NAMESPACE_RESERVED', 'SECRET_NOT_FOUND'],
    errorPrefix: 'failed to get secret {namespace}/{secret}: ',
    unprefixed: ['SECRET_NOT_FOUND'],
  }),
  createSecret: operation({
    method: 'POST',
    path: '/api/v1/secret/{namespace}',
    tag: 'cluster',
    access: mayOn({ namespace: 'namespace' }, { verb: 'create', ...secrets }),
    summary: 'Create a Secret',
    description: 'In the name of the caller. Types in which Helm and Walm keep what is theirs are refused.',
    body: { kind: 'json', schema: SecretRequest, description: 'The Secret.' },
    responses: { 200: changed },
    errors: [
      ...changeObjectErrors,
      'NAMESPACE_NOT_FOUND',
      'NAMESPACE_RESERVED',
      'NAMESPACE_TERMINATING',
      'QUOTA_EXCEEDED',
      'SECRET_DATA_INVALID',
      'SECRET_EXISTS',
      'SECRET_RESERVED',
    ],
    errorPrefix: 'failed to create secret : ',
  }),
  updateSecret: operation({
    method: 'PUT',
    path: '/api/v1/secret/{namespace}',
    tag: 'cluster',
    access: mayOn(
      { namespace: 'namespace', namedByBody: true },
      { verb: 'get', ...secrets },
      { verb: 'update', ...secrets },
    ),
    summary: 'Replace the values of a Secret',
    description:
      'In the name of the caller. Keys that the request does not name are removed; labels and annotations stay. A Secret of a release gets its values from the release again when that is changed.',
    body: { kind: 'json', schema: SecretRequest, description: 'The Secret.' },
    responses: { 200: changed },
    errors: [
      ...changeObjectErrors,
      'FIELD_IMMUTABLE',
      'NAMESPACE_RESERVED',
      'SECRET_DATA_INVALID',
      'SECRET_NOT_FOUND',
      'SECRET_RESERVED',
    ],
    errorPrefix: 'failed to update secret : ',
  }),
  deleteSecret: operation({
    method: 'DELETE',
    path: '/api/v1/secret/{namespace}/name/{secret}',
    tag: 'cluster',
    access: mayOn(
      { namespace: 'namespace', name: 'secret' },
      { verb: 'get', ...secrets },
      { verb: 'delete', ...secrets },
    ),
    summary: 'Delete a Secret',
    description: 'In the name of the caller. Those in which Helm and Walm keep what is theirs are refused.',
    query: { ignoreNotFound },
    responses: { 200: changed },
    errors: [...changeObjectErrors, 'NAMESPACE_RESERVED', 'SECRET_NOT_FOUND', 'SECRET_RESERVED'],
    errorPrefix: 'failed to delete secret : ',
  }),
};
