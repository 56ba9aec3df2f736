import { Type } from 'typebox';
import { may, mayReadRecords } from '../schemas/access.ts';
import { operation } from './parts/operation.ts';
import { ReleaseDrift, ReleaseTests } from '../schemas/release-check.ts';
import { mutationQuery } from './parts/query-parameters.ts';
import { accepted, idempotency, taskHeader } from './parts/release-answers.ts';
import { clusterErrors, rewriteErrors } from './parts/release-errors.ts';
import { warningsHeader } from './release-operations.ts';

const unprefixed = ['RELEASE_NOT_FOUND'] as const;

/** The operations that check a running release. */
export const checkOperations = {
  showDrift: operation({
    method: 'GET',
    path: '/api/v1/release/{namespace}/name/{release}/drift',
    tag: 'release',
    access: mayReadRecords,
    summary: 'Compare the live objects with the recorded manifest',
    description:
      'Object by object, as a server-side dry run of applying the manifest again finds it: what the cluster filled in ' +
      'by itself is not drift. Nothing is written.',
    responses: { 200: { description: 'The state of every object; secrets are `***`.', schema: ReleaseDrift } },
    errors: [...clusterErrors, 'RELEASE_NOT_FOUND', 'RELEASE_UNREADABLE', 'REVISION_NOT_FOUND'],
    errorPrefix: 'failed to get drift of release {release}: ',
    unprefixed,
  }),
  runTests: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/name/{release}/test',
    tag: 'release',
    access: may('update'),
    summary: "Run the chart's test hooks",
    description:
      'As `helm test` does, with their logs. It is a task like every change of a release: it waits for its turn, and ' +
      'can be cancelled; its outcome stays in `tests` of the task. Tests that fail are not an error: `passed` is false ' +
      'then. No revision comes of it. A chart without tests has nothing to do; a paused release is not tested.',
    query: {
      ...mutationQuery,
      name: Type.Optional(Type.String({ description: 'Only the tests with these names, separated by commas.' })),
    },
    requestHeaders: idempotency,
    responses: {
      200: {
        description: 'The result of each test.',
        schema: ReleaseTests,
        headers: { ...taskHeader, ...warningsHeader },
      },
      202: accepted,
    },
    errors: [...rewriteErrors, 'RELEASE_PAUSED', 'REVISION_NOT_FOUND'],
    errorPrefix: 'failed to test release {release}: ',
    unprefixed,
  }),
};
