import { Type } from 'typebox';
import { anyToken, openToAll } from '../schemas/access.ts';
import { AccessOverview } from '../schemas/access-overview.ts';
import { DNS_LABEL } from '../schemas/name-syntax.ts';
import { Session } from '../schemas/session.ts';
import { operation } from './operation.ts';

/** Namespaces that one answer judges at most: each may take two questions to the cluster. */
export const MAX_JUDGED_NAMESPACES = 500;

/** The operations that tell a client where it is, and what it may do there. */
export const sessionOperations = {
  getSession: operation({
    method: 'GET',
    path: '/api/v1/session',
    tag: 'system',
    access: openToAll,
    summary: 'Get how to sign in, who one is, versions and limits',
    description:
      'Answers without a token, and with one that the cluster does not accept: `caller` is null then. Contains no name of a release or namespace.',
    responses: { 200: { description: 'The session.', schema: Session } },
    errors: ['CLUSTER_UNREACHABLE', 'TOO_MANY_REVIEWS', 'TOO_MANY_TOKENS'],
    errorPrefix: 'failed to get the session: ',
  }),
  getAccess: operation({
    method: 'GET',
    path: '/api/v1/access',
    tag: 'system',
    access: anyToken,
    summary: 'Get what the caller may do, and which rights are missing',
    description:
      'Judges the rights that operations need on releases of any name; a right on a single release is not looked for. What a chart contains needs further rights, which the cluster judges when it is applied. Rights on the cluster are cached for 3 s.',
    query: {
      namespace: Type.Optional(
        Type.String({
          description: 'Judge the operations in this namespace, and list no other; absent: in all namespaces at once.',
          pattern: DNS_LABEL,
        }),
      ),
      limit: Type.Integer({
        description: 'How many namespaces to judge.',
        default: 100,
        minimum: 1,
        maximum: MAX_JUDGED_NAMESPACES,
      }),
      continue: Type.Optional(Type.String({ description: '`continue` of the previous page.', pattern: DNS_LABEL })),
    },
    responses: { 200: { description: 'What the caller may do.', schema: AccessOverview } },
    errors: [],
    errorPrefix: 'failed to get the access: ',
  }),
};
