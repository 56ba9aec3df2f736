import { Type, type Static } from 'typebox';
import { AnyObject, AnyValue, described, nullable, TextMap } from './json.ts';
import { ObjectDifference, PathDifference } from './object-difference.ts';
import { ReleasePlugin } from './plugin.ts';
import { Warning } from './warning.ts';

const summary = {
  revision: Type.Integer({ description: "Helm's revision, from 1." }),
  status: Type.String({
    description:
      "Helm's status: deployed, superseded, failed, …; `unreadable` where the record cannot be read: `description` is the reason.",
  }),
  chartName: Type.String(),
  chartVersion: Type.String(),
  chartAppVersion: Type.String(),
  updated: Type.String({ description: 'RFC 3339: when it was written.' }),
  description: Type.String({ description: "Helm's description." }),
  cause: Type.String({ description: 'Why it was written; of a revision made without Walm its description.' }),
  caller: nullable(Type.String({ description: "Who asked for it; null: Walm's own identity, or not known." })),
  task: nullable(Type.String({ description: 'Id of the task that wrote it; null where that is not known.' })),
  outside: Type.Boolean({ description: 'Written without Walm, by plain helm for example.' }),
  warnings: Type.Array(Warning, { description: 'What writing it warned of.' }),
};

/** One revision of a release in a list. */
export const RevisionSummary = Type.Object(summary, { $id: 'RevisionSummary' });
export type RevisionSummary = Static<typeof RevisionSummary>;

/** The kept revisions of a release, newest first. */
export const RevisionList = Type.Object(
  {
    num: Type.Integer({ description: 'Items in this answer.' }),
    total: Type.Integer({ description: 'Revisions that are kept.' }),
    items: Type.Array(RevisionSummary),
    continue: Type.Optional(Type.String({ description: 'Present when more follow: ask for them with it.' })),
  },
  { $id: 'RevisionList' },
);
export type RevisionList = Static<typeof RevisionList>;

/** One revision in full. Secrets are `***`. */
export const Revision = Type.Object(
  {
    ...summary,
    configValues: AnyObject,
    computedValues: AnyObject,
    dependencies: TextMap,
    releaseLabels: TextMap,
    plugins: Type.Array(ReleasePlugin),
    source: described(
      nullable(AnyObject),
      'Where the chart came from: kind, reference, version, digest; null where that is not known.',
    ),
    notes: Type.String(),
    manifest: Type.String({ description: 'As recorded; documents that hold secrets are written anew without them.' }),
    hooks: Type.Array(
      Type.Object({
        kind: Type.String(),
        name: Type.String(),
        events: Type.Array(Type.String(), { description: 'When Helm runs it: `pre-install`, `post-upgrade`, …' }),
        weight: Type.Integer(),
      }),
    ),
  },
  { $id: 'Revision' },
);
export type Revision = Static<typeof Revision>;

/** What lies between two revisions. Secrets are `***`. */
export const RevisionDifference = Type.Object(
  {
    from: RevisionSummary,
    to: RevisionSummary,
    configValues: Type.Array(PathDifference),
    objects: Type.Array(ObjectDifference),
  },
  { $id: 'RevisionDifference' },
);
export type RevisionDifference = Static<typeof RevisionDifference>;

/** One value of a release and where it came from. */
export const ValueOrigin = Type.Object(
  {
    path: Type.String({ description: 'JSON pointer into the computed values.' }),
    value: AnyValue,
    layer: Type.Union(
      [
        Type.Literal('chart'),
        Type.Literal('subchart'),
        Type.Literal('commonValues'),
        Type.Literal('injected'),
        Type.Literal('configValues'),
      ],
      { description: 'The highest layer that says it, from lowest to highest as listed.' },
    ),
    chart: Type.Optional(Type.String({ description: 'Name of the subchart whose default it is.' })),
    dependency: Type.Optional(Type.String({ description: 'Key of the dependency that it was injected for.' })),
    provider: Type.Optional(Type.String({ description: '`namespace/release` that published it.' })),
  },
  { $id: 'ValueOrigin' },
);
export type ValueOrigin = Static<typeof ValueOrigin>;

/** The values of a revision. Secrets are `***`. */
export const ReleaseValues = Type.Object(
  {
    revision: Type.Integer(),
    configValues: AnyObject,
    computedValues: AnyObject,
    origins: Type.Optional(Type.Array(ValueOrigin, { description: 'With `origin=true`.' })),
  },
  { $id: 'ReleaseValues' },
);
export type ReleaseValues = Static<typeof ReleaseValues>;
