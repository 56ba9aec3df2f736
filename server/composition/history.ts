import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import { createChartFacts } from '../services/charts/chart-facts.ts';
import type { RestoreArchive } from '../services/charts/keep-archive.ts';
import { createCompareRevisions } from '../services/history/compare-revisions.ts';
import { createGetRevision } from '../services/history/get-revision.ts';
import type { FindSecrets } from '../services/history/kept-secrets.ts';
import { createListRevisions } from '../services/history/list-revisions.ts';
import type { MaskManifests } from '../services/history/mask-manifests.ts';
import { createRevisionReader } from '../services/history/read-revision.ts';
import { createShowDrift } from '../services/history/show-drift.ts';
import { createShowManifest } from '../services/history/show-manifest.ts';
import { createShowNotes } from '../services/history/show-notes.ts';
import { createShowValues } from '../services/history/show-values.ts';

/** What reading histories needs from the rest of the server. */
export interface HistoryPartsDeps {
  readonly engine: HelmEngine;
  readonly maskManifests: MaskManifests;
  readonly findSecrets: FindSecrets;
  readonly restoreArchive: RestoreArchive;
}

/** Puts together everything that reads what was recorded of releases. */
export function createHistoryParts({ engine, maskManifests, findSecrets, restoreArchive }: HistoryPartsDeps) {
  const reader = createRevisionReader({ engine, findSecrets });
  return {
    listRevisions: createListRevisions({ reader }),
    getRevision: createGetRevision({ reader, maskManifests }),
    compareRevisions: createCompareRevisions({ reader }),
    showManifest: createShowManifest({ reader, maskManifests }),
    showValues: createShowValues({
      reader,
      restoreArchive,
      chartFacts: createChartFacts({ engine }),
    }),
    showNotes: createShowNotes({ reader }),
    showDrift: createShowDrift({ reader, engine }),
  };
}
