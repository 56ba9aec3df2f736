import type { ReleaseExport } from '../../../contract/schemas/project.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { releaseNotFound } from '../../domain/errors/release-problems.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import type { ExportInput, ExportReleases } from './export-releases.ts';

export type ExportReleaseDeps = {
  current: Pick<CurrentReleases, 'get'>;
  exportReleases: ExportReleases;
};

export interface ExportReleaseInput extends ExportInput {
  readonly release: string;
}

/**
 * Writes down a release as the request of a project with it alone.
 * @throws ProblemError RELEASE_NOT_FOUND, RELEASE_TOO_LARGE, FORBIDDEN, and of `readMember`
 */
export type ExportRelease = (
  input: ExportReleaseInput,
  signal: AbortSignal,
) => Promise<{ exported: ReleaseExport; warnings: Warning[] }>;

export function createExportRelease({ current, exportReleases }: ExportReleaseDeps): ExportRelease {
  return async function exportRelease(input, signal) {
    const { namespace, release } = input;
    await exportReleases.admit(input);
    const record = await current.get(releaseKey(namespace, release));
    if (record === undefined) {
      throw releaseNotFound(namespace, release);
    }
    const room = { of: `release ${namespace}/${release}`, characters: 0 };
    const { commonValues, releases, warnings } = await exportReleases.write([release], input, room, signal);
    const name = record.facts?.project ?? '';
    return { exported: { kind: 'Release', namespace, name, commonValues, releases }, warnings };
  };
}
