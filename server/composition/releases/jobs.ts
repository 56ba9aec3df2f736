import type { ExportServices } from '../../api/handlers/projects/export-handlers.ts';
import type { Threads } from '../../ports/runtime/threads.ts';
import { createDescribeRevision, type DescribeRevision } from '../../services/history/describe-revision.ts';
import type { FindSecrets } from '../../services/history/kept-secrets.ts';
import { createMaskManifests, type MaskManifests } from '../../services/history/mask-manifests.ts';
import {
  describeRecordJob,
  findSecretsJob,
  hideLayersJob,
  hideRecordedJob,
  hideShippedJob,
  runPluginsJob,
  writeYamlJob,
} from '../../services/jobs/job-kinds.ts';
import { createPlacedJob } from '../../services/jobs/placed-job.ts';
import type { BuildReleaseDeps } from '../../services/releases/compose/build-release.ts';
import type { TransformDocumentsDeps } from '../../services/releases/compose/transform-documents.ts';
import type { RewriteReleaseDeps } from '../../services/releases/execute/rewrite-release.ts';

/** Computations that may take long, which then run in threads. */
export interface Jobs {
  readonly describeRevision: DescribeRevision;
  readonly findSecrets: FindSecrets;
  readonly hideLayers: BuildReleaseDeps['hideLayers'];
  readonly hideRecorded: RewriteReleaseDeps['hideRecorded'];
  readonly hideShipped: BuildReleaseDeps['hideShipped'];
  readonly maskManifests: MaskManifests;
  readonly runPlugins: TransformDocumentsDeps['runPlugins'];
  readonly writeYaml: ExportServices['writeYaml'];
}

export function createJobs(threads: Pick<Threads, 'run'>): Jobs {
  return {
    describeRevision: createDescribeRevision(createPlacedJob(threads, describeRecordJob)),
    findSecrets: createPlacedJob(threads, findSecretsJob),
    hideLayers: createPlacedJob(threads, hideLayersJob),
    hideRecorded: createPlacedJob(threads, hideRecordedJob),
    hideShipped: createPlacedJob(threads, hideShippedJob),
    maskManifests: createMaskManifests(threads),
    runPlugins: createPlacedJob(threads, runPluginsJob),
    writeYaml: createPlacedJob(threads, writeYamlJob),
  };
}
