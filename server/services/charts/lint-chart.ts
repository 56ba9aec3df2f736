import type { ChartLint, LintProblem } from '../../../contract/schemas/charts/chart-lint.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { shareOf, sharerOf } from '../../domain/access/sharer.ts';
import { cutName } from '../../domain/bounds/cut-name.ts';
import { createFairGate } from '../../domain/budgets/fair-gate.ts';
import { lintedFaults, refusedArchive } from '../../domain/charts/linted-faults.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { metainfoText } from '../../domain/metainfo/chart-metainfo.ts';
import { lintMetainfo } from '../../domain/metainfo/lint-metainfo.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import type { UploadedArchive } from '../tasks/release-mutation.ts';

export interface LintChartDeps {
  readonly engine: Pick<HelmCharts, 'inspectChart' | 'lintChart'>;
}

/** Who asks. */
export interface LintCall {
  readonly caller: Caller | null;
  readonly signal: AbortSignal;
  readonly requestId: string;
}

/**
 * Finds the faults of a chart in the chart folder, or says why it was not accepted there.
 * @throws ProblemError CANCELLED, CHART_NOT_FOUND, ENGINE_BUSY, ENGINE_STOPPED
 */
export type LintChart = (archive: UploadedArchive, call: LintCall) => Promise<ChartLint>;

/** Each renders a chart many times. */
const AT_ONCE = { all: 2, each: 1 };
const MAX_PROBLEMS = 1_000;
const MAX_MESSAGE = 4_000;
const METAINFO = 'transwarp-meta/metainfo.yaml';

export function createLintChart({ engine }: LintChartDeps): LintChart {
  const turns = createFairGate(AT_ONCE);

  async function problemsOf(
    { digest, refusal }: UploadedArchive,
    { caller, signal, requestId }: LintCall,
  ): Promise<LintProblem[]> {
    if (refusal !== undefined) {
      return [refusedArchive(refusal)];
    }
    const call = { signal, requestId, sharer: sharerOf(caller, '') };
    return turns.run(shareOf(caller), async () => {
      try {
        const { name, metaFiles, values } = await engine.inspectChart(digest, call);
        const cases = await engine.lintChart(digest, call);
        const text = metainfoText(metaFiles);
        const ofMetainfo = text === undefined ? [] : lintMetainfo(text, values);
        return [
          ...ofMetainfo.map(({ place: path, ...rest }) => ({ ...rest, path, file: METAINFO })),
          ...lintedFaults(name, cases),
        ];
      } catch (error) {
        if (isFault(error)) return [refusedArchive(error)];
        throw error;
      }
    });
  }

  return async function lintChart(archive, call) {
    const found = await problemsOf(archive, call);
    const ok = found.every(({ severity }) => severity !== 'error');
    const sorted = found.toSorted((a, b) => Number(a.severity !== 'error') - Number(b.severity !== 'error'));
    const problems = sorted.slice(0, MAX_PROBLEMS).map((one) => ({
      ...one,
      file: cutName(one.file),
      path: cutName(one.path),
      message: cutName(one.message, MAX_MESSAGE),
    }));
    return { ok, problems };
  };
}

/** The chart itself is too large to be described, for example. */
function isFault(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.code.startsWith('CHART_') && error.code !== 'CHART_NOT_FOUND';
}
