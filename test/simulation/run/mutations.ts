import type { Mutation } from './mutation.ts';
import { CHANGES } from './mutations/changes.ts';
import { EVENTS } from './mutations/events.ts';
import { FOLLOWING } from './mutations/following.ts';
import { LEADING } from './mutations/leading.ts';
import { PROJECTS } from './mutations/projects.ts';
import { RECORDS } from './mutations/records.ts';
import { TASKS } from './mutations/tasks.ts';
import { VIEWS } from './mutations/views.ts';

/** Faults of earlier versions, and at least one for every mechanism. */
export const MUTATIONS: readonly Mutation[] = [
  ...LEADING,
  ...TASKS,
  ...CHANGES,
  ...VIEWS,
  ...FOLLOWING,
  ...PROJECTS,
  ...EVENTS,
  ...RECORDS,
];
