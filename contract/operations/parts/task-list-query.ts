import { Type, type Static } from 'typebox';
import { described } from '../../schemas/json.ts';
import { TaskOperation, TaskState } from '../../schemas/task.ts';
import { listQuery } from './query-parameters.ts';

/** By what a list of tasks is ordered. */
export const TaskSort = Type.Union([Type.Literal('createdAt'), Type.Literal('-createdAt')], {
  description: 'Field that the list is ordered by, with `-` downwards.',
  default: '-createdAt',
});
export type TaskSort = Static<typeof TaskSort>;

/** Parameters of lists of tasks. All given filters must match. */
export const taskListQuery = {
  namespace: Type.Optional(Type.String({ description: 'Only tasks of releases in this namespace.' })),
  release: Type.Optional(Type.String({ description: 'Only tasks of releases of this name.' })),
  project: Type.Optional(
    Type.String({ description: 'Only changes of projects of this name, and installs of their releases.' }),
  ),
  operation: Type.Optional(described(TaskOperation, 'Only tasks with this operation.')),
  state: Type.Optional(described(TaskState, 'Only tasks in this state.')),
  since: Type.Optional(Type.String({ description: 'RFC 3339: only tasks that were accepted at this time or later.' })),
  until: Type.Optional(Type.String({ description: 'RFC 3339: only tasks that were accepted before this time.' })),
  q: Type.Optional(
    Type.String({ description: 'Only tasks with this text in their namespace, release or project, ignoring case.' }),
  ),
  sort: TaskSort,
  limit: listQuery.limit,
  continue: listQuery.continue,
};
