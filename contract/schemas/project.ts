import { Type, type Static } from 'typebox';
import { AnyObject, described } from './json.ts';
import { ReleaseRequest } from './release-request.ts';
import { ReleaseInfo } from './release.ts';
import { TaskInfo } from './task.ts';

/** The body of creating a project. */
export const ProjectRequest = Type.Object(
  {
    commonValues: Type.Optional(
      Type.Unsafe<Static<typeof AnyObject>>({
        ...AnyObject,
        description: "Values of every release of the project, below the release's own.",
      }),
    ),
    kind: Type.Optional(Type.String({ description: 'As in an export; it has no effect.' })),
    namespace: Type.Optional(Type.String({ description: 'As in an export: the path says where the project is.' })),
    name: Type.Optional(Type.String({ description: 'As in an export: the path says what the project is called.' })),
    releases: Type.Optional(
      Type.Array(ReleaseRequest, {
        maxItems: 500,
        description:
          "The releases. One whose chart's metainfo names a dependency by the chart of another one is wired to it.",
      }),
    ),
  },
  { $id: 'ProjectRequest', description: 'Releases that belong together.' },
);
export type ProjectRequest = Static<typeof ProjectRequest>;

/** A project as the request that makes it what it is. */
export const ProjectExport = Type.Object(
  {
    kind: Type.Literal('Project'),
    namespace: Type.String(),
    name: Type.String(),
    commonValues: described(AnyObject, 'Those that most of its releases have.'),
    releases: Type.Array(ReleaseRequest, {
      description:
        'Sorted by name, each with the exact version of its chart; an empty dependency or label is one that it shall not get.',
    }),
  },
  { $id: 'ProjectExport' },
);
export type ProjectExport = Static<typeof ProjectExport>;

/** A project and its releases. */
export const ProjectInfo = Type.Object(
  {
    name: Type.String(),
    namespace: Type.String(),
    releases: Type.Array(ReleaseInfo, { description: 'Sorted by name.' }),
    ready: Type.Boolean({ description: 'Whether every release is ready.' }),
    message: Type.String({ description: 'Empty if ready; otherwise the reason.' }),
    task: Type.Optional(TaskInfo),
  },
  { $id: 'Project' },
);
export type ProjectInfo = Static<typeof ProjectInfo>;

/** Projects in the order of `sort`. */
export const ProjectInfoList = Type.Object(
  {
    num: Type.Integer({ description: 'Number of items in this answer.' }),
    total: Type.Integer({ description: 'Number of matching items.' }),
    items: Type.Array(ProjectInfo),
    continue: Type.Optional(
      Type.String({ description: 'Present if there are more items: pass it as `continue` to get the next page.' }),
    ),
  },
  { $id: 'ProjectList' },
);
export type ProjectInfoList = Static<typeof ProjectInfoList>;
