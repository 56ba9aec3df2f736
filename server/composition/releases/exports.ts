import type { Jobs } from './jobs.ts';
import type { Revisions } from './revisions.ts';
import type { ExportServices } from '../../api/handlers/projects/export-handlers.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Authorization } from '../../services/access/authorization.ts';
import { createExportNamespace } from '../../services/exports/export-namespace.ts';
import { createExportProject } from '../../services/exports/export-project.ts';
import { createExportRelease } from '../../services/exports/export-release.ts';
import { createExportReleases } from '../../services/exports/export-releases.ts';
import { createReadMember } from '../../services/projects/read-member.ts';

export interface ExportsDeps {
  readonly authorization: Authorization;
  readonly engine: HelmEngine;
  readonly jobs: Pick<Jobs, 'findSecrets' | 'writeYaml'>;
  readonly revisions: Revisions;
}

/** The use cases that write releases down as the requests that make them. */
export function createExports({ authorization, engine, jobs, revisions }: ExportsDeps): ExportServices {
  const { current, findManaged, mergeUpgrade } = revisions;
  const readMember = createReadMember({ engine, findManaged, mergeUpgrade });
  const exportReleases = createExportReleases({ authorization, findSecrets: jobs.findSecrets, readMember });
  return {
    exportProject: createExportProject({ current, exportReleases }),
    exportRelease: createExportRelease({ current, exportReleases }),
    exportNamespace: createExportNamespace({ current, exportReleases }),
    writeYaml: jobs.writeYaml,
  };
}
