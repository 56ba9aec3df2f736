import { Type, type Static } from 'typebox';
import { AnyObject, nullable } from '../json.ts';

const origin = Type.Union([Type.Literal('configuration'), Type.Literal('runtime'), Type.Literal('builtin')], {
  description:
    "Where it is defined: in the server's configuration, by `addRepository`, or as a folder of the configuration that Walm serves itself.",
});

/** A chart repository, and what was seen of it last. */
export const Repository = Type.Object(
  {
    repoName: Type.String(),
    repoUrl: Type.String(),
    kind: Type.Union([Type.Literal('repository'), Type.Literal('registry')], {
      description: 'A registry has no list of its charts.',
    }),
    origin,
    isDefault: Type.Boolean({ description: 'Whether requests that name no repository mean it.' }),
    reachable: nullable(Type.Boolean({ description: 'Whether its index could be read last; null: not tried yet.' })),
    checkedAt: nullable(Type.String({ description: 'When that was, RFC 3339.' })),
    message: Type.String({ description: 'Why its index could not be read; empty if it could.' }),
    charts: nullable(Type.Integer({ description: 'Charts in the index that was read last.' })),
  },
  { $id: 'Repository' },
);
export type Repository = Static<typeof Repository>;

export const RepositoryList = Type.Object({ items: Type.Array(Repository) }, { $id: 'RepositoryList' });
export type RepositoryList = Static<typeof RepositoryList>;

/** One version of a chart. In lists `defaultValue` is empty and `metaInfo` null, like in the original Walm. */
export const ChartInfo = Type.Object(
  {
    chartName: Type.String(),
    chartVersion: Type.String(),
    chartDescription: Type.String(),
    chartAppVersion: Type.String(),
    chartEngine: Type.String({ description: 'Always `transwarp`, for compatibility with the original Walm.' }),
    defaultValue: Type.String({ description: 'values.yaml as JSON text.' }),
    metaInfo: nullable(AnyObject),
    created: nullable(Type.String({ description: 'RFC 3339, as the index says; null if it does not.' })),
    digest: Type.String({ description: 'sha256 of the archive as the index says; empty if it does not.' }),
    deprecated: Type.Boolean(),
    icon: Type.String({ description: "Address of Chart.yaml's icon, or empty." }),
  },
  { $id: 'Chart' },
);
export type ChartInfo = Static<typeof ChartInfo>;

/** Charts sorted by name, versions newest first. */
export const ChartInfoList = Type.Object(
  {
    items: Type.Array(ChartInfo),
    num: Type.Integer({ description: 'Number of items.' }),
    total: Type.Integer({ description: 'Number of items on all pages.' }),
    continue: Type.Optional(Type.String({ description: 'Get the next page with this; absent on the last one.' })),
  },
  { $id: 'ChartList' },
);
export type ChartInfoList = Static<typeof ChartInfoList>;

/** A repository that a search could not look into, and why. */
const Unreachable = Type.Object({ repoName: Type.String(), code: Type.String(), message: Type.String() });

/** Charts of all repositories, the best matches first, each at its newest version that is not a pre-release. */
export const ChartSearch = Type.Object(
  {
    items: Type.Array(Type.Object({ repoName: Type.String(), ...ChartInfo.properties })),
    num: Type.Integer({ description: 'Number of items.' }),
    total: Type.Integer({ description: 'Number of matches.' }),
    unreachable: Type.Array(Unreachable, { description: 'Repositories that were not looked into.' }),
  },
  { $id: 'ChartSearch' },
);
export type ChartSearch = Static<typeof ChartSearch>;
