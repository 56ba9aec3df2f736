import type { CheckServices } from '../../api/handlers/check-handlers.ts';
import type { HistoryServices } from '../../api/handlers/history-handlers.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { ChartFactsOf } from '../../services/charts/chart-facts.ts';
import type { RestoreArchive } from '../../services/charts/keep-archive.ts';
import { createCompareRevisions } from '../../services/history/compare-revisions.ts';
import { createGetRevision } from '../../services/history/get-revision.ts';
import { createListRevisions } from '../../services/history/list-revisions.ts';
import type { MaskManifests } from '../../services/history/mask-manifests.ts';
import type { RevisionReader } from '../../services/history/read-revision.ts';
import { createReadReleaseChart } from '../../services/history/read-release-chart.ts';
import { createShowDrift } from '../../services/history/show-drift.ts';
import { createShowManifest } from '../../services/history/show-manifest.ts';
import { createShowNotes } from '../../services/history/show-notes.ts';
import { createShowValues } from '../../services/history/show-values.ts';

export interface HistoryDeps {
  readonly chartFacts: ChartFactsOf;
  readonly engine: HelmEngine;
  readonly folder: Pick<ChartFolder, 'read'>;
  readonly maskManifests: MaskManifests;
  readonly reader: RevisionReader;
  readonly restoreRecorded: RestoreArchive;
}

/** Reads what was recorded of releases. */
export type History = HistoryServices & Pick<CheckServices, 'showDrift'>;

export function createHistory(deps: HistoryDeps): History {
  const { chartFacts, engine, folder, maskManifests, reader, restoreRecorded } = deps;
  return {
    compareRevisions: createCompareRevisions({ reader }),
    getRevision: createGetRevision({ reader, maskManifests }),
    listRevisions: createListRevisions({ reader }),
    readReleaseChart: createReadReleaseChart({ reader, restoreRecorded, engine, folder }),
    showDrift: createShowDrift({ reader, engine }),
    showManifest: createShowManifest({ reader, maskManifests }),
    showNotes: createShowNotes({ reader }),
    showValues: createShowValues({ reader, restoreRecorded, chartFacts }),
  };
}
