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

/** A release as the request of a project with it alone. */
export const ReleaseExport = Type.Object(
  {
    kind: Type.Literal('Release'),
    namespace: Type.String(),
    name: Type.String({ description: 'Of its project; empty if it is in none.' }),
    commonValues: described(AnyObject, 'Those of its project.'),
    releases: Type.Array(ReleaseRequest, { description: 'The release alone, with the exact version of its chart.' }),
  },
  { $id: 'ReleaseExport' },
);
export type ReleaseExport = Static<typeof ReleaseExport>;

/** All releases of a namespace as the requests that make them. */
export const NamespaceExport = Type.Object(
  {
    kind: Type.Literal('Namespace'),
    namespace: Type.String(),
    projects: Type.Array(ProjectExport, { description: 'Sorted by name.' }),
    releases: Type.Array(ReleaseRequest, { description: 'Those of no project, sorted by name.' }),
    foreign: Type.Array(Type.String(), {
      description: 'Names of releases that Walm has never changed: they are not written down.',
    }),
  },
  { $id: 'NamespaceExport' },
);
export type NamespaceExport = Static<typeof NamespaceExport>;

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
