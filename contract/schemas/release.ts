import { Type, type Static } from 'typebox';
import { DependencyStatus } from './dependency.ts';
import { AnyObject, described, nullable, TextMap } from './json.ts';
import { MetaInfoValues } from './metainfo.ts';
import { ReleasePlugin } from './plugin.ts';
import { ResourceSet } from './release-resources.ts';
import { TaskInfo } from './task.ts';
import { ObjectRef, Warning } from './warning.ts';

/** One thing that a release which is not ready waits for (decision 41). */
export const Awaited = Type.Object(
  {
    kind: Type.String({ description: 'Kind of what is awaited.' }),
    namespace: Type.String({ description: 'Its namespace.' }),
    name: Type.String({ description: 'Its name.' }),
    container: Type.Optional(Type.String({ description: 'Present when it is about one container of a pod.' })),
    reason: Type.String({ description: 'For example ImagePullBackOff, Unschedulable, FailedCreate, Unbound.' }),
    message: Type.String({ description: 'What the cluster says of it.' }),
  },
  { $id: 'Awaited' },
);
export type Awaited = Static<typeof Awaited>;

/** Something that Walm would do with a release by itself, and may not. */
const NotAllowed = Type.Object({
  what: Type.Union([Type.Literal('dependencies'), Type.Literal('onFailure')], {
    description:
      'dependencies: give it what its providers publish now. onFailure: what is to be done when a rollout fails.',
  }),
  reason: Type.String({ description: 'Why not.' }),
  missing: Type.Optional(
    Type.Object(
      {
        verb: Type.String({ description: 'Verb of the right, such as patch.' }),
        group: Type.String({ description: 'API group; empty for the core.' }),
        resource: Type.String({ description: 'Resource, such as deployments.' }),
        namespace: Type.String({ description: 'Empty for the whole cluster.' }),
        name: Type.String({ description: 'Empty for all.' }),
      },
      { description: 'The right that is missing, where it is one.' },
    ),
  ),
});

/** The newest attempt to change a release that failed, since what runs was applied. It changed none of the other fields. */
const LastFailure = Type.Object(
  {
    revision: Type.Integer({ description: 'The revision that it left in the history; 0: it left none.' }),
    at: Type.String({ description: 'RFC 3339.' }),
    code: Type.String({ description: 'Stable code; REVISION_FAILED where it is not known any more.' }),
    message: Type.String({ description: 'Why it failed.' }),
  },
  { description: 'Present after a change that failed: what runs is what was applied before it.' },
);

const stale = Type.Optional(
  Type.Literal(true, {
    description: 'Present while the view of the cluster is not complete, or the cluster is not heard.',
  }),
);

/**
 * A release: what its record says and how it is doing. While nothing has been installed yet only name, namespace,
 * message and task are filled; the rest are zero values and nulls, as the original Walm answered.
 */
export const ReleaseInfo = Type.Object(
  {
    name: Type.String({ description: 'Name of the release.' }),
    repoName: Type.String({
      description: 'Repository that the chart came from; empty where it came from elsewhere, or nobody knows.',
    }),
    configValues: described(
      nullable(AnyObject),
      "The user's own values; secrets are `***`. Null where plain Helm wrote them, for callers without `list secrets`.",
    ),
    version: Type.Integer({
      description:
        "Helm's revision that was applied last: what failed does not count; 0 while nothing has been installed.",
    }),
    namespace: Type.String({ description: 'Its namespace.' }),
    dependencies: described(nullable(TextMap), 'Key → `release` or `namespace/release`.'),
    chartName: Type.String({ description: 'Name of the chart that runs.' }),
    chartVersion: Type.String({ description: 'Its version.' }),
    chartAppVersion: Type.String({ description: 'Version of the application, as the chart says it.' }),
    ready: Type.Boolean({ description: 'Whether every object is, with its last change observed.' }),
    message: Type.String({ description: 'Empty when ready; otherwise what is awaited and why.' }),
    releaseStatus: described(nullable(ResourceSet), 'The live objects of the release, by kind.'),
    dependenciesConfigValues: described(nullable(AnyObject), 'What was injected of the outputs of its providers.'),
    computedValues: described(
      nullable(AnyObject),
      'All layers merged: what the templates saw. Null for callers without `list secrets`.',
    ),
    outputConfigValues: described(nullable(AnyObject), 'What the release publishes.'),
    releaseLabels: described(nullable(TextMap), 'Labels that `labelselector` is evaluated on.'),
    plugins: described(nullable(Type.Array(ReleasePlugin)), 'In the order in which they run.'),
    metaInfoValues: described(
      nullable(MetaInfoValues),
      "The values by the names of the chart's metainfo. Null for callers without `list secrets`.",
    ),
    paused: Type.Boolean({ description: 'Whether it runs nothing because of the pause operation.' }),
    notPaused: Type.Optional(
      Type.Array(ObjectRef, {
        description: 'Present while it is paused: objects that the pause could not stop, which may go on running.',
      }),
    ),
    chartImage: Type.String({ description: 'OCI reference that the chart came from; empty for other sources.' }),
    status: Type.String({
      description:
        "Helm's status (deployed, failed, pending-install, …), `unreadable` where the newest record cannot be read; empty without a record.",
    }),
    waitingFor: Type.Array(Awaited, { description: 'What a release that is not ready waits for.' }),
    dependencyStatus: Type.Optional(
      Type.Array(DependencyStatus, { description: 'How it is with each dependency; in the answer about one release.' }),
    ),
    sealed: Type.Boolean({
      description: 'Whether a Walm of this cluster wrote the newest revision as it is; it acts by itself on no other.',
    }),
    outside: Type.Optional(
      Type.Object(
        {
          revision: Type.Integer({ description: 'Newest revision that Walm sealed; 0 when none is kept.' }),
          since: Type.String({
            description:
              'RFC 3339: when the first change after it was made; of none, when the oldest kept revision was written.',
          }),
          reason: Type.String({ description: 'Why its seal does not count.' }),
        },
        { description: 'Present when the newest revision was not written by Walm, or has no valid seal.' },
      ),
    ),
    notAllowed: Type.Optional(
      Type.Array(NotAllowed, {
        description: 'Present when Walm may not do something by itself; in the answer about one release.',
      }),
    ),
    lastFailure: Type.Optional(LastFailure),
    onFailure: Type.String({ description: 'What happens when a rollout fails: none, hold, pause or rollback.' }),
    strategy: described(nullable(AnyObject), 'Rollout strategy of its Deployments; null: as the chart has it.'),
    held: Type.Optional(
      Type.Object(
        {
          since: Type.String({ description: 'RFC 3339.' }),
          reason: Type.String({ description: 'Why the rollout failed.' }),
        },
        {
          description: 'Present while a failed rollout is held: nothing is updated any further until the next upgrade.',
        },
      ),
    ),
    task: Type.Optional(TaskInfo),
    notes: Type.String({ description: "The chart's NOTES, rendered; empty for callers without `list secrets`." }),
    warnings: Type.Array(Warning, { description: 'What the newest change warned of.' }),
    stale,
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
    stale,
  },
  { $id: 'ReleaseList' },
);
export type ReleaseInfoList = Static<typeof ReleaseInfoList>;
