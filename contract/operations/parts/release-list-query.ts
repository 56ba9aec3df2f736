import { Type, type Static } from 'typebox';
import { listQuery } from './query-parameters.ts';

/** By what a list of releases is ordered. */
export const ReleaseSort = Type.Union(
  [
    Type.Literal('namespace'),
    Type.Literal('-namespace'),
    Type.Literal('name'),
    Type.Literal('-name'),
    Type.Literal('chart'),
    Type.Literal('-chart'),
    Type.Literal('project'),
    Type.Literal('-project'),
    Type.Literal('phase'),
    Type.Literal('-phase'),
    Type.Literal('updated'),
    Type.Literal('-updated'),
  ],
  {
    description:
      'Field that the list is ordered by, with `-` downwards; then by namespace and name. `phase` begins with what needs a person: failed, progressing, changing, paused, ready.',
    default: 'namespace',
  },
);
export type ReleaseSort = Static<typeof ReleaseSort>;

/** How much is returned of each release. */
export const releaseView = Type.Union([Type.Literal('full'), Type.Literal('summary'), Type.Literal('names')], {
  description:
    'How much to return of each release. `summary` has null for configValues, computedValues, dependenciesConfigValues, outputConfigValues, metaInfoValues and releaseStatus, and empty notes; the state is in phase, ready, message and waitingFor. `names` has nothing but namespace and name.',
  default: 'full',
});

/** Parameters of lists of the releases of one namespace. All given filters must match. */
export const releaseListQuery = {
  ...listQuery,
  sort: ReleaseSort,
  chart: Type.Optional(Type.String({ description: 'Only releases of this chart.' })),
  project: Type.Optional(Type.String({ description: 'Only releases of this project.' })),
  phase: Type.Optional(
    Type.String({ description: 'Only releases in one of these phases, separated by commas: `failed,progressing`.' }),
  ),
  ready: Type.Optional(Type.Boolean({ description: 'Only releases that are ready (true) or not ready (false).' })),
  q: Type.Optional(
    Type.String({
      description: 'Only releases with this text in their name, namespace or chart name, ignoring case.',
    }),
  ),
  view: releaseView,
  facets: Type.Boolean({
    description:
      'Add `facets`: how many of the releases that match there are of each phase, namespace, chart and project. Each is counted without the filter of its own field.',
    default: false,
  }),
};

/** Parameters of lists of the releases of all namespaces. */
export const allReleasesQuery = {
  ...releaseListQuery,
  namespaces: Type.Optional(
    Type.String({ description: 'Only releases of these namespaces, separated by commas; at most 200.' }),
  ),
};
