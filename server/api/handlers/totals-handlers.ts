import type { Operations } from '../../../contract/operations/operations.ts';
import type { ReleaseTotals } from '../../../contract/schemas/resource-totals.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { DryRunInput } from '../../services/releases/preview/render-dry-run.ts';
import type { Call, HandlersOf } from './handler.ts';
import { warningsHeader } from '../answers/warnings-header.ts';

/** The use cases of totals. */
export interface TotalsServices {
  readonly estimateResources: (
    input: DryRunInput,
    signal: AbortSignal,
  ) => Promise<{ totals: ReleaseTotals; warnings: readonly Warning[] }>;
}

type EstimateCall = Call<Operations['estimateResources']> | Call<Operations['estimateResourcesWithChart']>;

/** The handlers of the operations on totals. */
export function createTotalsHandlers({
  estimateResources,
}: TotalsServices): HandlersOf<'estimateResources' | 'estimateResourcesWithChart'> {
  const estimate = async ({ path, body, archive, query, caller, requestId, signal, ...call }: EstimateCall) => {
    const { totals, warnings } = await estimateResources(
      { ...path, ...query, request: body, ...(archive && { archive }), caller, requestId },
      signal,
    );
    return { status: 200, body: totals, headers: warningsHeader([...call.warnings, ...warnings]) } as const;
  };
  return { estimateResources: estimate, estimateResourcesWithChart: estimate };
}
