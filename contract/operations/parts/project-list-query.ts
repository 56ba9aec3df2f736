import { Type, type Static } from 'typebox';
import { listQuery } from './query-parameters.ts';

/** By what a list of projects is ordered. */
export const ProjectSort = Type.Union(
  [Type.Literal('namespace'), Type.Literal('-namespace'), Type.Literal('name'), Type.Literal('-name')],
  {
    description: 'Field that the list is ordered by, with `-` downwards; then by namespace and name.',
    default: 'namespace',
  },
);
export type ProjectSort = Static<typeof ProjectSort>;

/** How much is returned of the releases of a project. */
export const projectView = Type.Union([Type.Literal('full'), Type.Literal('summary')], {
  description: 'How much to return of the releases of each project, as in lists of releases.',
  default: 'full',
});

/** Parameters of lists of projects. All given filters must match. */
export const projectListQuery = {
  labelselector: Type.Optional(
    Type.String({
      description: 'Kubernetes label selector: only projects with a release whose labels it selects.',
    }),
  ),
  q: Type.Optional(
    Type.String({ description: 'Only projects with this text in their namespace or name, ignoring case.' }),
  ),
  sort: ProjectSort,
  view: projectView,
  limit: listQuery.limit,
  continue: listQuery.continue,
};
