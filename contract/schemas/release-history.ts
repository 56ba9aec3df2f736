import { Type, type Static } from 'typebox';
import { AnyObject, AnyValue, described, nullable, TextMap } from './json.ts';
import { ObjectDifference, PathDifference } from './object-difference.ts';
import { ReleasePlugin } from './plugin.ts';
import { Warning } from './warning.ts';

const summary = {
  revision: Type.Integer({ description: 'Number of the Helm revision, starting at 1.' }),
  status: Type.String({
    description:
      "Helm's status: deployed, superseded, failed, …; `unreadable` where the record cannot be read: `description` is the reason.",
  }),
  applied: Type.Boolean({
    description: 'Whether it is or was in force: a rollback without a number goes to the newest earlier one that was.',
  }),
  chartName: Type.String(),
  chartVersion: Type.String(),
  chartAppVersion: Type.String(),
  updated: Type.String({ description: 'RFC 3339: when the revision was written.' }),
  description: Type.String({ description: "Helm's description of the revision." }),
  cause: Type.String({
    description: 'Why the revision was written; for a revision written by another Helm client, its description.',
  }),
  caller: nullable(
    Type.String({ description: "The caller who requested the revision; null for Walm's own identity or if unknown." }),
  ),
  task: nullable(Type.String({ description: 'Id of the task that wrote the revision; null if unknown.' })),
  outside: Type.Boolean({ description: 'True if the revision was not written by Walm, but for example by helm.' }),
  warnings: Type.Array(Warning, { description: 'Warnings of the operation that wrote the revision.' }),
};

/** One revision of a release in a list. */
export const RevisionSummary = Type.Object(summary, { $id: 'RevisionSummary' });
export type RevisionSummary = Static<typeof RevisionSummary>;

/** The stored revisions of a release, newest first. */
export const RevisionList = Type.Object(
  {
    num: Type.Integer({ description: 'Number of items in this answer.' }),
    total: Type.Integer({ description: 'Number of stored revisions.' }),
    items: Type.Array(RevisionSummary),
    continue: Type.Optional(
      Type.String({ description: 'Present if there are more items: pass it as `continue` to get the next page.' }),
    ),
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
    source: described(nullable(AnyObject), 'Source of the chart: kind, reference, version, digest; null if unknown.'),
    notes: Type.String(),
    manifest: Type.String({ description: 'Manifest as recorded; documents with secrets are re-encoded without them.' }),
    hooks: Type.Array(
      Type.Object({
        kind: Type.String(),
        name: Type.String(),
        events: Type.Array(Type.String(), {
          description: 'Events at which Helm runs the hook: `pre-install`, `post-upgrade`, …',
        }),
        weight: Type.Integer(),
      }),
    ),
  },
  { $id: 'Revision' },
);
export type Revision = Static<typeof Revision>;

/** The difference between two revisions. Secrets are `***`. */
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

/** One value of a release and its origin. */
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
      { description: 'The layer that the value comes from; layers are listed from lowest to highest precedence.' },
    ),
    chart: Type.Optional(Type.String({ description: 'Subchart whose default the value is.' })),
    dependency: Type.Optional(Type.String({ description: 'Key of the dependency that the value was injected for.' })),
    provider: Type.Optional(
      Type.String({ description: '`namespace/release` of the provider that publishes the value.' }),
    ),
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
    origins: Type.Optional(
      Type.Array(ValueOrigin, { description: 'Origins of the values; present with `origin=true`.' }),
    ),
  },
  { $id: 'ReleaseValues' },
);
export type ReleaseValues = Static<typeof ReleaseValues>;
