import { Type } from 'typebox';
import { listQuery } from '../parts/query-parameters.ts';

/** Parameters of lists of objects of the cluster. All given filters must match. */
export const objectListQuery = {
  labelselector: Type.Optional(
    Type.String({
      description: 'Kubernetes label selector, evaluated on the labels of the objects.',
      maxLength: 4_096,
    }),
  ),
  q: Type.Optional(Type.String({ description: 'Only objects with this text in their name.', maxLength: 253 })),
  sort: Type.Union([Type.Literal('name'), Type.Literal('-name')], {
    description: 'Field that the list is ordered by, with `-` downwards.',
    default: 'name',
  }),
  limit: listQuery.limit,
  continue: listQuery.continue,
};
