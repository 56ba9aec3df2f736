import { Type, type Static } from 'typebox';
import { PathDifference } from '../../schemas/object-difference.ts';
import type { ResponseSpec } from './operation.ts';
import { done, paused } from './release-answers.ts';
import { TaskError } from '../../schemas/task.ts';
import { ObjectRef, Warning } from '../../schemas/warning.ts';

/** What would happen to one object. */
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
    differences: Type.Array(PathDifference, {
      description: 'Changed fields of an object that would be changed; secrets are `***`.',
    }),
  },
  { $id: 'ObjectFate' },
);
export type ObjectFate = Static<typeof ObjectFate>;

/** What a change of a release would do. */
export const ChangePreview = Type.Object(
  {
    revision: Type.Integer({
      description: 'The newest revision, which would be changed; 0 if the release does not exist.',
    }),
    refused: Type.Optional(
      Type.Object(TaskError.properties, { description: 'Present if the operation would be refused, with the reason.' }),
    ),
    objects: Type.Array(ObjectFate, {
      description: 'Every object of the release, and the pods and claims that would be deleted or kept.',
    }),
    hooks: Type.Array(ObjectRef, { description: 'Hooks that would run.' }),
    dependents: Type.Array(
      Type.Object({
        namespace: Type.String(),
        name: Type.String(),
        key: Type.String({ description: 'Key of the dependency that names the release.' }),
      }),
      { description: 'Releases that depend on this one.' },
    ),
    hiddenDependents: Type.Integer({ description: 'Number of further releases that the caller may not list.' }),
    warnings: Type.Array(Warning),
  },
  { $id: 'ChangePreview', description: 'What a change would do. Nothing has been written.' },
);
export type ChangePreview = Static<typeof ChangePreview>;

/** The query parameter of changes that can be previewed. */
export const previewQuery = {
  dryrun: Type.Boolean({
    description:
      'Only report what would be deleted, what would stay and which releases depend on this one; nothing is written.',
    default: false,
  }),
};

/** Response to a change that is done, or was previewed. */
export const doneOrPreview = {
  ...done,
  description: `${done.description} With \`dryrun=true\`: what the operation would do.`,
  schema: Type.Union([done.schema, ChangePreview]),
} as const satisfies ResponseSpec;

/** Response to a pause that is done, or was previewed. */
export const pausedOrPreview = {
  ...paused,
  description: `${paused.description} With \`dryrun=true\`: what the operation would do.`,
  schema: Type.Union([paused.schema, ChangePreview]),
} as const satisfies ResponseSpec;
