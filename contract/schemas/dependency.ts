import { Type, type Static } from 'typebox';

/** How it is with one dependency of a release. */
export const DependencyState = Type.Union(
  [
    Type.Literal('Current'),
    Type.Literal('Outdated'),
    Type.Literal('NotAllowed'),
    Type.Literal('NothingPublished'),
    Type.Literal('ProviderMissing'),
    Type.Literal('ProviderGone'),
    Type.Literal('Unknown'),
  ],
  {
    description:
      'Current: the release has what the other publishes. Outdated: that has changed since. NotAllowed: it has, ' +
      'and Walm may not give it to the release by itself. NothingPublished: the ' +
      'other publishes nothing. ProviderMissing: there never was such a release. ProviderGone: it was deleted, and ' +
      'what it gave stays. Unknown: what the other publishes cannot be read now.',
  },
);
export type DependencyState = Static<typeof DependencyState>;

/** One dependency of a release. */
export const DependencyStatus = Type.Object(
  {
    key: Type.String({ description: 'What the chart calls the dependency.' }),
    provider: Type.String({ description: '`namespace/release`.' }),
    state: DependencyState,
    keys: Type.Array(Type.String(), { description: 'Names of the outputs that the release was given.' }),
    revision: Type.Integer({ description: "The other's revision that they are from; 0 when none were given." }),
    lastPropagation: Type.Optional(Type.String({ description: 'RFC 3339: when they were given.' })),
    error: Type.Optional(Type.String({ description: 'Why they could not be brought up to date.' })),
  },
  { $id: 'DependencyStatus' },
);
export type DependencyStatus = Static<typeof DependencyStatus>;

/** Who depends on whom. */
export const DependencyGraph = Type.Object(
  {
    nodes: Type.Array(
      Type.Object({
        namespace: Type.String(),
        name: Type.String(),
        exists: Type.Boolean({ description: 'False for a release that is only named as a dependency.' }),
        chartName: Type.String({ description: 'Empty when the release does not exist.' }),
      }),
    ),
    edges: Type.Array(
      Type.Object({
        from: Type.String({ description: 'The dependent, `namespace/release`.' }),
        to: Type.String({ description: 'What it depends on, `namespace/release`.' }),
        key: Type.String({ description: 'What the chart of the dependent calls it.' }),
        state: DependencyState,
      }),
    ),
    hidden: Type.Integer({
      description: 'Dependencies from or to releases that the caller may not list: they are counted and not named.',
    }),
  },
  { $id: 'DependencyGraph', description: 'Sorted by namespace and name.' },
);
export type DependencyGraph = Static<typeof DependencyGraph>;
