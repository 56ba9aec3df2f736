import { Type } from 'typebox';
import { may } from '../schemas/access.ts';
import { operation } from './parts/operation.ts';
import { hooksQuery, mutationQuery } from './parts/query-parameters.ts';
import { doneOrPreview, previewQuery } from './parts/change-preview.ts';
import { accepted, idempotency } from './parts/release-answers.ts';
import { rollbackErrors } from './parts/release-errors.ts';

/** The rollback operation. */
export const rollbackOperations = {
  rollback: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/name/{release}/rollback',
    tag: 'release',
    access: may('update'),
    summary: 'Roll a release back to an earlier revision',
    description:
      'Chart, user values, plugins and manifest become those of the revision, as a new one. Pause, labels, project and ' +
      'dependencies stay as they are, with the current outputs of the releases that it depends on. Rollback hooks run.',
    query: {
      ...mutationQuery,
      ...previewQuery,
      ...hooksQuery,
      revision: Type.Integer({
        description: 'The revision to roll back to; 0 means the last applied one before the newest.',
        default: 0,
        minimum: 0,
      }),
    },
    requestHeaders: idempotency,
    responses: { 200: doneOrPreview, 202: accepted },
    errors: rollbackErrors,
    errorPrefix: 'failed to roll back release {release}: ',
  }),
};
