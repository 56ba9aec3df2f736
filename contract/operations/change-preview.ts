import { Type, type Static } from 'typebox';
import { PathDifference } from '../schemas/object-difference.ts';
import type { ResponseSpec } from './operation.ts';
import { done, paused } from './release-answers.ts';
import { TaskError } from '../schemas/task.ts';
import { ObjectRef, Warning } from '../schemas/warning.ts';

/** What would become of one object. */
export const ObjectFate = Type.Object(
  {
    ...ObjectRef.properties,
    outcome: Type.Union(
      [
        Type.Literal('deleted'),
        Type.Literal('kept'),
        Type.Literal('changed'),
        Type.Literal('created'),
        Type.Literal('gone'),
        Type.Literal('unknown'),
      ],
      {
        description:
          '`kept`: it stays as it is. `gone`: it is not there any longer, or is being deleted. `unknown`: it cannot be judged.',
      },
    ),
    reason: Type.String({ description: 'Why.' }),
    differences: Type.Array(PathDifference, { description: 'Of an object that would be changed; secrets are `***`.' }),
  },
  { $id: 'ObjectFate' },
);
export type ObjectFate = Static<typeof ObjectFate>;

/** What a change of a release would do. */
export const ChangePreview = Type.Object(
  {
    revision: Type.Integer({ description: 'The newest revision, which would be changed; 0: there is no release.' }),
    refused: Type.Optional(
      Type.Object(TaskError.properties, { description: 'Present where the operation would be refused, and why.' }),
    ),
    objects: Type.Array(ObjectFate, {
      description: 'Every object of the release, its pods and claims that go or stay.',
    }),
    hooks: Type.Array(ObjectRef, { description: 'Hooks that would run.' }),
    dependents: Type.Array(
      Type.Object({
        namespace: Type.String(),
        name: Type.String(),
        key: Type.String({ description: 'The dependency that names the release.' }),
      }),
      { description: 'Releases that depend on it.' },
    ),
    hiddenDependents: Type.Integer({ description: 'How many more, of releases that the caller may not list.' }),
    warnings: Type.Array(Warning),
  },
  { $id: 'ChangePreview', description: 'What a change would do. Nothing was written.' },
);
export type ChangePreview = Static<typeof ChangePreview>;

/** The query parameter of changes that can be previewed. */
export const previewQuery = {
  dryrun: Type.Boolean({
    description: 'Only tell what would go, what would stay and who depends on the release; nothing is written.',
    default: false,
  }),
};

/** Answer to a change that is done, or that was previewed. */
export const doneOrPreview = {
  ...done,
  description: `${done.description} With \`dryrun=true\` what would become of the release.`,
  schema: Type.Union([done.schema, ChangePreview]),
} as const satisfies ResponseSpec;

/** Answer to a pause that is done, or that was previewed. */
export const pausedOrPreview = {
  ...paused,
  description: `${paused.description} With \`dryrun=true\` what would become of the release.`,
  schema: Type.Union([paused.schema, ChangePreview]),
} as const satisfies ResponseSpec;
