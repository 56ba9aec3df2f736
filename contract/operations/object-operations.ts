import { Type } from 'typebox';
import { RELEASES } from '../schemas/access.ts';
import { ReleaseEventList, ReleaseObject } from '../schemas/cluster/release-object.ts';
import { DNS_LABEL } from '../schemas/name-syntax.ts';
import { operation } from './parts/operation.ts';
import { readObjectErrors } from './parts/release-errors.ts';

/** The operations on what a release consists of in the cluster. */
export const objectOperations = {
  listReleaseEvents: operation({
    method: 'GET',
    path: '/api/v1/release/{namespace}/name/{release}/events',
    tag: 'release',
    readsObjects: true,
    access: {
      kind: 'rights',
      rights: [
        { verb: 'get', ...RELEASES },
        { verb: 'list', group: '', resource: 'events' },
      ],
    },
    summary: 'List what happened to the objects of a release',
    description:
      'The events of Kubernetes about objects of its manifest and about what these made (pods, claims), read in the name of the caller. Secrets of the release are `***`.',
    query: {
      limit: Type.Integer({
        description: 'How many events, counted from the newest.',
        default: 200,
        minimum: 1,
        maximum: 1_000,
      }),
    },
    responses: { 200: { description: 'The events.', schema: ReleaseEventList } },
    errors: [...readObjectErrors, 'RELEASE_NOT_FOUND'],
    errorPrefix: 'failed to get events of release {release}: ',
    unprefixed: ['RELEASE_NOT_FOUND'],
  }),
  getReleaseObject: operation({
    method: 'GET',
    path: '/api/v1/release/{namespace}/name/{release}/object',
    tag: 'release',
    readsObjects: true,
    access: { kind: 'rights', rights: [{ verb: 'get', ...RELEASES }] },
    summary: 'Get an object of a release as it is in the cluster',
    description:
      'Read in the name of the caller, who also needs the right to get the object. Secrets of the release are `***`, and so is every value of a Secret.',
    query: {
      kind: Type.Optional(Type.String({ description: 'Required: its kind, such as Deployment.', maxLength: 253 })),
      name: Type.Optional(Type.String({ description: 'Required: its name.', maxLength: 253 })),
      apiVersion: Type.Optional(
        Type.String({ description: 'Needed only if several objects have this kind and name.', maxLength: 253 }),
      ),
      objectNamespace: Type.Optional(
        Type.String({ description: 'Needed only if several objects have this kind and name.', pattern: DNS_LABEL }),
      ),
    },
    responses: { 200: { description: 'The object.', schema: ReleaseObject } },
    errors: [
      'CANCELLED',
      'CLUSTER_FAILED',
      'CLUSTER_UNREACHABLE',
      'ENGINE_STOPPED',
      'FORBIDDEN',
      'KIND_UNKNOWN',
      'NAMESPACE_RESERVED',
      'OBJECT_AMBIGUOUS',
      'OBJECT_NOT_FOUND',
      'RELEASE_NOT_FOUND',
    ],
    errorPrefix: 'failed to get an object of release {release}: ',
    unprefixed: ['RELEASE_NOT_FOUND'],
  }),
};
