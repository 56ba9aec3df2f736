import type { ChangePreview } from '../../../contract/operations/parts/change-preview.ts';
import type { Operations } from '../../../contract/operations/operations.ts';
import type { releaseOperations } from '../../../contract/operations/release-operations.ts';
import type { JsonObject } from '../../../contract/schemas/json.ts';
import type { DryRunDifference } from '../../../contract/schemas/object-difference.ts';
import type { ReleaseInfo, ReleaseInfoList } from '../../../contract/schemas/release.ts';
import { readNames, readWords } from '../../domain/lists/read-names.ts';
import type { WhenLong } from '../../services/jobs/long-answer.ts';
import type { GetRelease } from '../../services/releases/query/get-release.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { DeleteInput, ApplyInput, MutationOutcome } from '../../services/tasks/release-mutation.ts';
import type { DryRunView } from '../../services/releases/preview/show-objects.ts';
import type { DryRunInput } from '../../services/releases/preview/render-dry-run.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { VisibleNamespaces } from '../../services/access/visible-namespaces.ts';
import type { ReleaseFilter } from '../../services/releases/query/list-releases.ts';
import { applyInput, type InstallCall, upgradeInput, type UpgradeCall } from './apply-input.ts';
import type { Call, HandlersOf } from './handler.ts';
import { eventPosition, type EventPosition } from './event-position.ts';
import { mutationOptions, mutationReply } from './mutation-reply.ts';
import { warningsHeader } from '../answers/warnings-header.ts';

/** The use cases of release operations. */
export interface ReleaseServices extends EventPosition {
  readonly installRelease: (input: ApplyInput, signal: AbortSignal) => Promise<MutationOutcome>;
  readonly upgradeRelease: (input: ApplyInput, signal: AbortSignal) => Promise<MutationOutcome>;
  readonly deleteRelease: (input: DeleteInput, signal: AbortSignal) => Promise<MutationOutcome>;
  readonly previewDelete: (input: DeleteInput, signal: AbortSignal) => Promise<ChangePreview>;
  readonly dryRunRelease: (
    input: DryRunInput & DryRunView,
    signal: AbortSignal,
  ) => Promise<{ objects: JsonObject[]; warnings: readonly Warning[] }>;
  readonly compareDryRun: (
    input: DryRunInput,
    signal: AbortSignal,
  ) => Promise<{ difference: DryRunDifference; warnings: readonly Warning[] }>;
  readonly getRelease: GetRelease;
  readonly listReleases: (
    filter: ReleaseFilter,
    visible: VisibleNamespaces | null,
    caller: Caller | null,
    whenLong: WhenLong,
  ) => Promise<ReleaseInfoList>;
}

/** Previews of whole changes have handlers of their own. */
type ReleaseOperation = Exclude<keyof typeof releaseOperations, 'previewRelease'>;

type DryRunCall = Call<Operations['dryRunRelease']> | Call<Operations['dryRunReleaseWithChart']>;
type ListQuery = Call<Operations['listNamespaceReleases']>['query'];

/** A release that is gone is in no list. */
const PHASES = ['changing', 'progressing', 'ready', 'paused', 'failed'] as const;

/** The handlers of the operations on releases. */
export function createReleaseHandlers(services: ReleaseServices): HandlersOf<ReleaseOperation> {
  const install = async (call: InstallCall) => {
    const outcome = await services.installRelease(applyInput(call), call.signal);
    return mutationReply(outcome, call.warnings);
  };
  const upgrade = async (call: UpgradeCall) => {
    const outcome = await services.upgradeRelease(upgradeInput(call), call.signal);
    return mutationReply(outcome, call.warnings);
  };
  const dryRun = async (call: DryRunCall) => {
    const { crds, forceConflicts, recreate, resetValues, ...query } = call.query;
    const input = {
      namespace: call.path.namespace,
      request: { ...call.body, ...(resetValues && { resetValues }) },
      ...(call.archive && { archive: call.archive }),
      ...query,
      crds: crds === 'true',
      judged: {
        ...(crds !== 'true' && crds !== 'false' && { crds }),
        ...(forceConflicts && { forceConflicts }),
        ...(recreate !== 'none' && { recreate }),
      },
      caller: call.caller,
      requestId: call.requestId,
    };
    if (call.query.diff) {
      const { difference, warnings } = await services.compareDryRun(input, call.signal);
      return { status: 200, body: difference, headers: warningsHeader([...call.warnings, ...warnings]) } as const;
    }
    const { objects, warnings } = await services.dryRunRelease(input, call.signal);
    return { status: 200, body: objects, headers: warningsHeader([...call.warnings, ...warnings]) } as const;
  };
  const list = async (
    { query, caller, whenLong }: { query: ListQuery; caller: Caller | null; whenLong: WhenLong },
    visible: VisibleNamespaces | null,
    where: Pick<ReleaseFilter, 'namespace' | 'namespaces'>,
  ) => {
    const { labelselector, limit, continue: from, chart, project, ready, q: text, view, sort, facets } = query;
    const phases = readWords('phase', query.phase, PHASES);
    const filter = {
      ...where,
      ...(labelselector !== undefined && { selector: labelselector }),
      ...(limit && { limit }),
      ...(from !== undefined && { continue: from }),
      ...(chart !== undefined && { chart }),
      ...(ready !== undefined && { ready }),
      ...(text !== undefined && { text }),
      ...(project !== undefined && { project }),
      ...(phases && { phases }),
      view,
      sort,
      ...(facets && { facets }),
    };
    const headers = eventPosition(services);
    const body = await services.listReleases(filter, visible, caller, whenLong);
    return { status: 200, body, headers } as const;
  };
  return {
    installRelease: install,
    installReleaseWithChart: install,
    upgradeRelease: upgrade,
    upgradeReleaseWithChart: upgrade,
    dryRunRelease: dryRun,
    dryRunReleaseWithChart: dryRun,
    dryRunReleaseWithChartAlias: dryRun,
    listReleases: async (call) => {
      const namespaces = readNames('namespaces', call.query.namespaces);
      return list(call, call.visible, { ...(namespaces && { namespaces }) });
    },
    listNamespaceReleases: (call) => list(call, null, { namespace: call.path.namespace }),
    getRelease: async ({ path: { namespace, release }, query, caller, whenLong }) => ({
      status: 200,
      headers: eventPosition(services),
      // The view that was asked for: see ShownRelease.
      body: (await services.getRelease(namespace, release, caller, query.view, whenLong)) as ReleaseInfo,
    }),
    deleteRelease: async (call) => {
      const { deletePvcs, ignoreNotFound, keepHistory, hooks, force, dryrun } = call.query;
      const options = mutationOptions(call);
      const input = { ...call.path, deletePvcs, ignoreNotFound, keepHistory, hooks, force, options };
      return dryrun
        ? { status: 200, body: await services.previewDelete(input, call.signal) }
        : mutationReply(await services.deleteRelease(input, call.signal), call.warnings);
    },
  };
}
