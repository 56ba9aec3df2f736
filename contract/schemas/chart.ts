import { Type, type Static } from 'typebox';
import { AnyObject, nullable } from './json.ts';

/** A configured chart repository. */
export const Repository = Type.Object({ repoName: Type.String(), repoUrl: Type.String() }, { $id: 'Repository' });
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
  },
  { $id: 'Chart' },
);
export type ChartInfo = Static<typeof ChartInfo>;

/** Charts sorted by name, versions newest first. */
export const ChartInfoList = Type.Object({ items: Type.Array(ChartInfo) }, { $id: 'ChartList' });
export type ChartInfoList = Static<typeof ChartInfoList>;
