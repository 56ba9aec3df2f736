import type {
  ReleaseValues,
  Revision,
  RevisionDifference,
  RevisionList,
} from '../../../contract/schemas/release-history.ts';
import type { ComparedRevisions } from '../../services/history/compare-revisions.ts';
import type { HistoryPage } from '../../services/history/list-revisions.ts';
import type { ReadReleaseChart } from '../../services/history/read-release-chart.ts';
import type { RevisionReading } from '../../services/history/read-revision.ts';
import type { ManifestChoice } from '../../services/history/show-manifest.ts';
import type { ValuesChoice } from '../../services/history/show-values.ts';
import { hasTag, taggedHeaders } from '../answers/conditional-answer.ts';
import { warningsHeader } from '../answers/warnings-header.ts';
import type { CallContext, HandlersOf } from './handler.ts';

/** The use cases of history operations. */
export interface HistoryServices {
  readonly listRevisions: (reading: RevisionReading, page: HistoryPage, signal: AbortSignal) => Promise<RevisionList>;
  readonly getRevision: (reading: RevisionReading, revision: number, signal: AbortSignal) => Promise<Revision>;
  readonly compareRevisions: (
    reading: RevisionReading,
    compared: ComparedRevisions,
    signal: AbortSignal,
  ) => Promise<RevisionDifference>;
  readonly showManifest: (reading: RevisionReading, choice: ManifestChoice, signal: AbortSignal) => Promise<string>;
  readonly showValues: (reading: RevisionReading, choice: ValuesChoice, signal: AbortSignal) => Promise<ReleaseValues>;
  readonly readReleaseChart: ReadReleaseChart;
  readonly showNotes: (
    reading: RevisionReading,
    revision: number | undefined,
    signal: AbortSignal,
  ) => Promise<{ revision: number; notes: string }>;
}

type HistoryOperation =
  | 'getReleaseChart'
  | 'listRevisions'
  | 'getRevision'
  | 'compareRevisions'
  | 'showManifest'
  | 'showValues'
  | 'showNotes';

/** The handlers of history operations. */
export function createHistoryHandlers(services: HistoryServices): HandlersOf<HistoryOperation> {
  return {
    listRevisions: async (call) => {
      const body = await services.listRevisions(readingOf(call), defined(call.query), call.signal);
      return { status: 200, body };
    },
    getRevision: async (call) => {
      const body = await services.getRevision(readingOf(call), Number(call.path.revision), call.signal);
      return { status: 200, body };
    },
    compareRevisions: async (call) => {
      const body = await services.compareRevisions(readingOf(call), defined(call.query), call.signal);
      return { status: 200, body };
    },
    showManifest: async (call) => {
      const { revision, hooks } = call.query;
      const choice = { hooks, ...(revision !== undefined && { revision }) };
      return { status: 200, body: await services.showManifest(readingOf(call), choice, call.signal) };
    },
    showValues: async (call) => {
      const { revision, origin } = call.query;
      const choice = { origin, ...(revision !== undefined && { revision }) };
      return { status: 200, body: await services.showValues(readingOf(call), choice, call.signal) };
    },
    getReleaseChart: async (call) => {
      const chart = await services.readReleaseChart(readingOf(call), call.query.revision, call.signal);
      const etag = `"${chart.digest}"`;
      const headers = { ...taggedHeaders(etag), ...warningsHeader([...call.warnings, ...chart.warnings]) };
      if (hasTag(call.ifNoneMatch, etag)) {
        return { status: 304, body: undefined, headers };
      }
      // Names of charts need no quoting.
      const disposition = { 'content-disposition': `attachment; filename="${chart.fileName}"` };
      return { status: 200, body: chart.bytes, headers: { ...headers, ...disposition } };
    },
    showNotes: async (call) => {
      const body = await services.showNotes(readingOf(call), call.query.revision, call.signal);
      return { status: 200, body };
    },
  };
}

function readingOf({
  path,
  caller,
  requestId,
}: CallContext & { readonly path: { namespace: string; release: string } }): RevisionReading {
  return { namespace: path.namespace, release: path.release, caller, requestId };
}

/** Without the parameters that were not sent. */
function defined<T extends object>(query: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
