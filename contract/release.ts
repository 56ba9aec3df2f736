import { Type, type Static } from 'typebox';
import { DependencyStatus } from './dependency.ts';
import { AnyObject, nullable, TextMap } from './json.ts';
import { MetaInfoValues } from './metainfo.ts';
import { ReleasePlugin } from './plugin.ts';
import { ResourceSet } from './release-resources.ts';
import { TaskInfo } from './task.ts';
import { Warning } from './warning.ts';

/** One thing that a release which is not ready waits for (decision 41). */
export const Awaited = Type.Object(
  {
    kind: Type.String(),
    namespace: Type.String(),
    name: Type.String(),
    container: Type.Optional(Type.String()),
    reason: Type.String({ description: 'For example ImagePullBackOff, Unschedulable, FailedCreate, Unbound.' }),
    message: Type.String(),
  },
  { $id: 'Awaited' },
);
export type Awaited = Static<typeof Awaited>;

/**
 * A release: what its record says and how it is doing. While nothing has been installed yet only name, namespace,
 * message and task are filled; the rest are zero values and nulls, as the original Walm answered.
 */
export const ReleaseInfo = Type.Object(
  {
    name: Type.String(),
    repoName: Type.String({ description: 'As the last request said it.' }),
    configValues: nullable(AnyObject),
    version: Type.Integer({ description: "Helm's revision; 0 while nothing has been installed." }),
    namespace: Type.String(),
    dependencies: nullable(TextMap),
    chartName: Type.String(),
    chartVersion: Type.String(),
    chartAppVersion: Type.String(),
    ready: Type.Boolean(),
    message: Type.String({ description: 'Empty when ready; otherwise what is awaited and why.' }),
    releaseStatus: nullable(ResourceSet),
    dependenciesConfigValues: nullable(AnyObject),
    computedValues: nullable(AnyObject),
    outputConfigValues: nullable(AnyObject),
    releaseLabels: nullable(TextMap),
    plugins: nullable(Type.Array(ReleasePlugin)),
    metaInfoValues: nullable(MetaInfoValues),
    paused: Type.Boolean(),
    chartImage: Type.String(),
    status: Type.String({
      description: "Helm's status (deployed, failed, pending-install, …); empty without a record.",
    }),
    waitingFor: Type.Array(Awaited),
    dependencyStatus: Type.Optional(
      Type.Array(DependencyStatus, { description: 'How it is with each dependency; in the answer about one release.' }),
    ),
    outside: Type.Optional(
      Type.Object(
        {
          revision: Type.Integer({ description: 'Newest revision that Walm wrote; 0 when there is none.' }),
          since: Type.String({ description: 'RFC 3339: when the first change behind Walm was made.' }),
        },
        { description: 'Present when the newest revision was not written by Walm (decision 5).' },
      ),
    ),
    task: Type.Optional(TaskInfo),
    notes: Type.String({ description: "The chart's NOTES, rendered." }),
    warnings: Type.Array(Warning),
  },
  { $id: 'Release' },
);
export type ReleaseInfo = Static<typeof ReleaseInfo>;

/** Releases sorted by namespace and name (decision 25). */
export const ReleaseInfoList = Type.Object(
  {
    num: Type.Integer({ description: 'Items in this answer.' }),
    total: Type.Integer({ description: 'Items that match.' }),
    items: Type.Array(ReleaseInfo),
    continue: Type.Optional(Type.String({ description: 'Present when more follow: ask for them with it.' })),
  },
  { $id: 'ReleaseList' },
);
export type ReleaseInfoList = Static<typeof ReleaseInfoList>;
