import { Type, type Static } from 'typebox';

/** The state of one dependency of a release. */
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
    key: Type.String({ description: 'Key of the dependency in the chart.' }),
    provider: Type.String({ description: '`namespace/release`.' }),
    state: DependencyState,
    keys: Type.Array(Type.String(), { description: 'Names of the outputs injected into the release.' }),
    revision: Type.Integer({
      description: 'Revision of the provider that the injected outputs come from; 0 if none were injected.',
    }),
    lastPropagation: Type.Optional(Type.String({ description: 'RFC 3339: when the outputs were injected.' })),
    error: Type.Optional(Type.String({ description: 'Why the outputs could not be updated.' })),
  },
  { $id: 'DependencyStatus' },
);
export type DependencyStatus = Static<typeof DependencyStatus>;

/** Which releases depend on which. */
export const DependencyGraph = Type.Object(
  {
    nodes: Type.Array(
      Type.Object({
        namespace: Type.String(),
        name: Type.String(),
        exists: Type.Boolean({ description: 'False if the release is named as a dependency but does not exist.' }),
        chartName: Type.String({ description: 'Empty if the release does not exist.' }),
      }),
    ),
    edges: Type.Array(
      Type.Object({
        from: Type.String({ description: 'The dependent, `namespace/release`.' }),
        to: Type.String({ description: 'The provider, `namespace/release`.' }),
        key: Type.String({ description: 'Key of the dependency in the chart of the dependent.' }),
        state: DependencyState,
      }),
    ),
    hidden: Type.Integer({
      description: 'Number of dependencies from or to releases that the caller may not list.',
    }),
    more: Type.Integer({
      description:
        'Number of dependencies that are left out: an answer has at most 10,000, half of them of the dependents of one namespace where it is about all. That of a namespace may have those that are missing.',
    }),
  },
  { $id: 'DependencyGraph', description: 'Sorted by namespace and name.' },
);
export type DependencyGraph = Static<typeof DependencyGraph>;
