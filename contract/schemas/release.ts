import { Type, type Static } from 'typebox';
import { DependencyState, DependencyStatus } from './dependency.ts';
import { LastFailure, ReleasePhase } from './event.ts';
import { AnyObject, described, nullable, TextMap } from './json.ts';
import { MetaInfoValues } from './metainfo.ts';
import { ReleasePlugin } from './plugin.ts';
import { ResourceSet } from './release-resources.ts';
import { TaskInfo } from './task.ts';
import { ObjectRef, Warning } from './warning.ts';

/** One thing that an unready release waits for (decision 41: `waitingFor[]`). */
export const Awaited = Type.Object(
  {
    kind: Type.String({ description: 'Kind of the object that is awaited.' }),
    namespace: Type.String({ description: 'Namespace of the object.' }),
    name: Type.String({ description: 'Name of the object.' }),
    container: Type.Optional(Type.String({ description: 'Present if one container of a pod is the reason.' })),
    reason: Type.String({ description: 'For example ImagePullBackOff, Unschedulable, FailedCreate, Unbound.' }),
    message: Type.String({ description: 'Message of the cluster.' }),
  },
  { $id: 'Awaited' },
);
export type Awaited = Static<typeof Awaited>;

/** An automatic change of a release that is denied. */
const NotAllowed = Type.Object({
  what: Type.Union([Type.Literal('dependencies'), Type.Literal('onFailure')], {
    description:
      'dependencies: give it what its providers publish now. onFailure: what is to be done when a rollout fails.',
  }),
  reason: Type.String({ description: 'Reason.' }),
  missing: Type.Optional(
    Type.Object(
      {
        verb: Type.String({ description: 'Verb of the right, such as patch.' }),
        group: Type.String({ description: 'API group; empty for the core group.' }),
        resource: Type.String({ description: 'Resource, such as deployments.' }),
        namespace: Type.String({ description: 'Namespace; empty for the whole cluster.' }),
        name: Type.String({ description: 'Name; empty for all objects.' }),
      },
      { description: 'The missing right, if the reason is one.' },
    ),
  ),
});

/** The newest revision of a release where it is not applied. */
const NewestAttempt = Type.Object(
  {
    revision: Type.Integer({ description: 'Its number.' }),
    status: Type.String({
      description:
        'failed, or pending-install, pending-upgrade, pending-rollback, uninstalling while an operation is under way.',
    }),
    at: Type.String({ description: 'RFC 3339: when it was written.' }),
  },
  {
    description:
      'Present if the newest revision is not applied: it failed, or an operation of Helm is under way. Without an unfinished `task` that is the operation of another Helm client, and changes wait for it.',
  },
);

/** How many of some things are ready. */
export const ReadyCount = Type.Object({
  ready: Type.Integer({ description: 'Number of those that are ready.', minimum: 0 }),
  total: Type.Integer({ description: 'Number of all of them.', minimum: 0 }),
});
export type ReadyCount = Static<typeof ReadyCount>;

const stale = Type.Optional(
  Type.Literal(true, {
    description: 'Present while the view of the cluster is incomplete, or watches are disconnected.',
  }),
);

/**
 * A release: its record and its live state. While nothing has been installed yet only name, namespace, message and task
 * are set; the rest are zero values and nulls, like in the original Walm.
 */
export const ReleaseInfo = Type.Object(
  {
    name: Type.String({ description: 'Name of the release.' }),
    repoName: Type.String({
      description: 'Repository of the chart; empty for other sources or if unknown.',
    }),
    configValues: described(
      nullable(AnyObject),
      "The user's own values; secrets are `***`. Null where plain Helm wrote them, for callers without `list secrets`.",
    ),
    version: Type.Integer({
      description:
        "Helm's revision that was applied last: what failed does not count; 0 while nothing has been installed.",
    }),
    namespace: Type.String({ description: 'Namespace of the object.' }),
    dependencies: described(nullable(TextMap), 'Key → `release` or `namespace/release`.'),
    chartName: Type.String({ description: 'Name of the applied chart.' }),
    chartVersion: Type.String({ description: 'Version of the chart.' }),
    chartAppVersion: Type.String({ description: 'Version of the application, from Chart.yaml.' }),
    ready: Type.Boolean({ description: 'Whether every object is ready, with its latest generation observed.' }),
    message: Type.String({ description: 'Empty if ready; otherwise what is awaited and why.' }),
    releaseStatus: described(
      nullable(ResourceSet),
      'The live objects of the release, by kind. Null in lists for a release with more than 1,000 objects, and for the largest ones where all of a list have more than 50,000.',
    ),
    dependenciesConfigValues: described(nullable(AnyObject), 'Values injected from the outputs of its dependencies.'),
    computedValues: described(
      nullable(AnyObject),
      'All layers merged, as the templates saw them. Null for callers without the right `list secrets`.',
    ),
    outputConfigValues: described(
      nullable(AnyObject),
      'Outputs that the release publishes; without those in `configMapOutputs` for callers without `get configmaps`.',
    ),
    configMapOutputs: Type.Optional(
      Type.Array(Type.String(), { description: 'Names of the outputs that show the content of ConfigMaps.' }),
    ),
    releaseLabels: described(nullable(TextMap), 'Labels of the release, which `labelselector` matches.'),
    plugins: described(nullable(Type.Array(ReleasePlugin)), 'Plugins in the order in which they run.'),
    metaInfoValues: described(
      nullable(MetaInfoValues),
      "The values by the names of the chart's metainfo. Null for callers without `list secrets`.",
    ),
    paused: Type.Boolean({ description: 'Whether the release is paused.' }),
    notPaused: Type.Optional(
      Type.Array(ObjectRef, {
        description: 'Present while the release is paused: objects that Walm cannot pause and that may keep running.',
      }),
    ),
    chartImage: Type.String({ description: 'OCI reference of the chart; empty for other sources.' }),
    status: Type.String({
      description:
        "Helm's status (deployed, failed, pending-install, …), `unreadable` where the newest record cannot be read; empty without a record.",
    }),
    phase: described(ReleasePhase, 'State of the release in one word, as in events; never `deleted`.'),
    reason: Type.String({
      description:
        'Reason for not being ready, one word such as ImagePullBackOff, as in events; empty if there is none.',
    }),
    sequence: Type.Integer({
      description:
        'Changes of the release with this number in events, or a smaller one, are in this answer. Each replica counts for itself.',
    }),
    updated: Type.String({
      description: 'RFC 3339: when the applied revision was written; empty while nothing has been installed.',
    }),
    project: Type.String({ description: 'Project of the release; empty if it belongs to none.' }),
    dependency: described(
      nullable(DependencyState),
      'The worst state of its dependencies; null if it has none. A secret output that changed without a revision of the other release may be seen here some minutes later than in `dependencyStatus`.',
    ),
    newerVersion: described(
      nullable(
        Type.Object({
          repoName: Type.String({ description: 'Repository of the chart.' }),
          version: Type.String({ description: 'An upgrade with this `chartVersion` takes it.' }),
        }),
      ),
      'The newest stable version of the chart in the repository it came from, if it is above the installed one and runs on this cluster, as the index said that this replica read last; null where none is known. The repository is not asked for it.',
    ),
    pods: described(
      ReadyCount,
      'Pods of its Deployments, StatefulSets and DaemonSets: as many as there should be, and how many of these are ready.',
    ),
    objects: described(ReadyCount, 'Objects of the release whose state Walm can tell.'),
    waitingFor: Type.Array(Awaited, { description: 'What a release that is not ready waits for; the first 100.' }),
    dependencyStatus: Type.Optional(
      Type.Array(DependencyStatus, { description: 'State of each dependency; only in the answer about one release.' }),
    ),
    sealed: Type.Boolean({
      description:
        'Whether the newest revision has a valid seal, that is, was written by Walm and not changed since; without it Walm makes no automatic changes.',
    }),
    outside: Type.Optional(
      Type.Object(
        {
          revision: Type.Integer({ description: 'Newest revision with a valid seal; 0 if there is none.' }),
          since: Type.String({
            description:
              'RFC 3339: when the first revision after it was written; without a sealed revision, when the oldest stored one was.',
          }),
          reason: Type.String({ description: 'Why the seal of the newest revision is not valid.' }),
          managed: Type.Boolean({
            description:
              'Whether Walm knows facts of the release; false: only plain Helm changed it, or it was detached.',
          }),
        },
        { description: 'Present if the newest revision was not written by Walm, or has no valid seal.' },
      ),
    ),
    notAllowed: Type.Optional(
      Type.Array(NotAllowed, {
        description:
          'Present if automatic changes of the release are not allowed; only in the answer about one release.',
      }),
    ),
    lastFailure: Type.Optional(LastFailure),
    attempt: Type.Optional(NewestAttempt),
    tests: Type.Integer({ description: 'Number of test hooks of the applied revision.' }),
    onFailure: Type.String({ description: 'Reaction to a failed rollout: none, hold, pause or rollback.' }),
    strategy: described(nullable(AnyObject), 'Rollout strategy of its Deployments; null for that of the chart.'),
    held: Type.Optional(
      Type.Object(
        {
          since: Type.String({ description: 'RFC 3339.' }),
          reason: Type.String({ description: 'Why the rollout failed.' }),
        },
        {
          description: 'Present while a failed rollout is held: no further pod is updated until the next upgrade.',
        },
      ),
    ),
    task: Type.Optional(TaskInfo),
    notes: Type.String({
      description: 'Rendered NOTES of the chart; empty for callers without the right `list secrets`.',
    }),
    warnings: Type.Array(Warning, { description: 'Warnings of the newest change.' }),
    truncated: Type.Optional(
      Type.Literal(true, {
        description:
          'Present where a summary, or an answer about several releases, has no room for all of this one: objects and values are left out, as in `view=summary`, and also fields that are very large. GET of the release has all of it.',
      }),
    ),
    stale,
  },
  { $id: 'Release' },
);
export type ReleaseInfo = Static<typeof ReleaseInfo>;

/** All that `view=names` has of a release. */
export const ReleaseName = Type.Object(
  {
    namespace: Type.String({ description: 'Namespace of the release.' }),
    name: Type.String({ description: 'Name of the release.' }),
  },
  { $id: 'ReleaseName' },
);
export type ReleaseName = Static<typeof ReleaseName>;

/**
 * A release as its view shows it. The static type is the one of the views `full` and `summary`: a caller that asks
 * for `view=names` knows that there is nothing else.
 */
export const ShownRelease = Type.Unsafe<ReleaseInfo>({ anyOf: [ReleaseInfo, ReleaseName] });

const Facet = Type.Object(
  {
    values: Type.Array(
      Type.Object({
        value: Type.String({ description: 'Value of the field; empty for releases that have none.' }),
        count: Type.Integer({ description: 'Number of releases with it.' }),
      }),
      { description: 'The most frequent values first, at most 100.' },
    ),
    more: Type.Integer({ description: 'Number of further values, which are left out.' }),
  },
  { $id: 'Facet' },
);

/** How many releases there are of each value. */
export const ReleaseFacets = Type.Object(
  { phase: Facet, namespace: Facet, chart: Facet, project: Facet },
  { $id: 'ReleaseFacets' },
);
export type ReleaseFacets = Static<typeof ReleaseFacets>;

/** Releases in the order of `sort` (decision 25: lists). */
export const ReleaseInfoList = Type.Object(
  {
    num: Type.Integer({ description: 'Number of items in this answer.' }),
    total: Type.Integer({ description: 'Number of matching items.' }),
    items: Type.Array(ShownRelease),
    continue: Type.Optional(
      Type.String({ description: 'Present if there are more items: pass it as `continue` to get the next page.' }),
    ),
    facets: Type.Optional(ReleaseFacets),
    stale,
  },
  { $id: 'ReleaseList' },
);
export type ReleaseInfoList = Static<typeof ReleaseInfoList>;
