import { Type } from 'typebox';
import { mayRead } from '../../schemas/access.ts';
import { ClusterSecret, ClusterSecretList } from '../../schemas/cluster/secret.ts';
import { operation } from '../parts/operation.ts';
import { readObjectErrors } from '../parts/release-errors.ts';
import { objectListQuery } from './object-list-query.ts';

const secrets = { group: '', resource: 'secrets' } as const;

/** The operations that read Secrets. */
export const secretOperations = {
  listSecrets: operation({
    method: 'GET',
    path: '/api/v1/secret/{namespace}',
    tag: 'cluster',
    access: mayRead({ namespace: 'namespace' }, { verb: 'list', ...secrets }),
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
    access: mayRead({ namespace: 'namespace', name: 'secret' }, { verb: 'get', ...secrets }),
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
};
