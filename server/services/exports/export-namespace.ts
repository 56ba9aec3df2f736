import type { NamespaceExport, ProjectExport } from '../../../contract/schemas/project.ts';
import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { mapBounded } from '../../ports/runtime/map-bounded.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import type { ExportInput, ExportReleases } from './export-releases.ts';

export type ExportNamespaceDeps = {
  current: Pick<CurrentReleases, 'list'>;
  exportReleases: ExportReleases;
};

/**
 * Writes down all releases of a namespace: those of projects, the others, and the names of those that Walm has never
 * changed.
 * @throws ProblemError RELEASE_TOO_LARGE, FORBIDDEN, and of `readMember`
 */
export type ExportNamespace = (
  input: ExportInput,
  signal: AbortSignal,
) => Promise<{ exported: NamespaceExport; warnings: Warning[] }>;

/** Releases of no project. */
const AT_ONCE = 8;

export function createExportNamespace({ current, exportReleases }: ExportNamespaceDeps): ExportNamespace {
  return async function exportNamespace(input, signal) {
    const { namespace } = input;
    await exportReleases.admit(input);
    const found = (await current.list(namespace)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const foreign = found.filter(({ facts }) => facts === null).map(({ name }) => name);
    const own = Map.groupBy(
      found.flatMap(({ name, facts }) => (facts === null ? [] : [{ name, project: facts.project }])),
      ({ project }) => project,
    );
    const room = { of: `namespace ${namespace}`, characters: 0 };
    const projects: ProjectExport[] = [];
    const releases: ReleaseRequest[] = [];
    const warnings: Warning[] = [];
    for (const [project, members] of [...own].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const names = members.map(({ name }) => name);
      if (project === '') {
        // Each by itself: they have nothing in common, and nothing connects them.
        const alone = await mapBounded(names, AT_ONCE, (name) => exportReleases.write([name], input, room, signal));
        releases.push(...alone.flatMap((one) => one.releases));
        warnings.push(...alone.flatMap((one) => one.warnings));
      } else {
        const { commonValues, releases: own, warnings: more } = await exportReleases.write(names, input, room, signal);
        projects.push({ kind: 'Project', namespace, name: project, commonValues, releases: own });
        warnings.push(...more);
      }
    }
    return { exported: { kind: 'Namespace', namespace, projects, releases, foreign }, warnings };
  };
}
