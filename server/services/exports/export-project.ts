import type { ProjectExport } from '../../../contract/schemas/project.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { projectNotFound } from '../../domain/errors/project-problems.ts';
import { membersOf } from '../projects/read-projects.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import type { ExportInput, ExportReleases } from './export-releases.ts';

export type ExportProjectDeps = {
  current: Pick<CurrentReleases, 'list'>;
  exportReleases: ExportReleases;
};

export interface ExportProjectInput extends ExportInput {
  readonly project: string;
}

/**
 * Writes down a project as the request that makes it what it is: applied to the same place it changes nothing.
 * @throws ProblemError PROJECT_NOT_FOUND, RELEASE_TOO_LARGE, FORBIDDEN, and of `readMember`
 */
export type ExportProject = (
  input: ExportProjectInput,
  signal: AbortSignal,
) => Promise<{ exported: ProjectExport; warnings: Warning[] }>;

export function createExportProject({ current, exportReleases }: ExportProjectDeps): ExportProject {
  return async function exportProject(input, signal) {
    const { namespace, project } = input;
    await exportReleases.admit(input);
    const names = membersOf(await current.list(namespace), project).map(({ name }) => name);
    if (names.length === 0) {
      throw projectNotFound(namespace, project);
    }
    const room = { of: `project ${namespace}/${project}`, characters: 0 };
    const written = await exportReleases.write(names.toSorted(), input, room, signal);
    const { commonValues, releases, warnings } = written;
    return { exported: { kind: 'Project', namespace, name: project, commonValues, releases }, warnings };
  };
}
