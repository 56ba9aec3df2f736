import { createCreateProject, type CreateProjectDeps } from '../services/projects/create-project.ts';
import { createDeleteProject, type DeleteProjectDeps } from '../services/projects/delete-project.ts';
import { createReadProjects, type ReadProjectsDeps } from '../services/projects/read-projects.ts';
import { createRunProject, type RunProjectDeps } from '../services/projects/run-project.ts';

/** Puts together what carries out tasks that change whole projects. */
export function createProjectExecutors(deps: RunProjectDeps) {
  const runProject = createRunProject(deps);
  return { createProject: runProject, deleteProject: runProject };
}

/** Puts together what people ask of projects. */
export function createProjectServices(
  deps: CreateProjectDeps &
    DeleteProjectDeps &
    Omit<ReadProjectsDeps, 'tasks'> & {
      store: ReadProjectsDeps['tasks'];
    },
) {
  return {
    createProject: createCreateProject(deps),
    deleteProject: createDeleteProject(deps),
    ...createReadProjects({ ...deps, tasks: deps.store }),
  };
}
