import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { sharerOf } from '../../domain/access/sharer.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { type MemoryUnit, withMemoryUnit } from '../../domain/metainfo/memory-unit.ts';
import { wireProject, type WiredMember } from '../../domain/projects/project-plan.ts';
import { toEffectiveRequest } from '../../domain/request/release-request.ts';
import { isNameFree } from '../../domain/revisions/history.ts';
import { mergeValues } from '../../domain/values/merge-values.ts';
import type { EngineCall } from '../../ports/helm/engine-call.ts';
import { mapBounded } from '../../ports/runtime/map-bounded.ts';
import type { ChartFacts } from '../charts/chart-facts.ts';
import type { ResolveChart, ResolvedChart } from '../charts/resolve-chart.ts';
import { resolveRequest } from '../releases/compose/resolve-request.ts';
import type { ObserveRelease } from '../releases/observe/observe-release.ts';

export type JudgeMembersDeps = {
  resolveChart: ResolveChart;
  chartFacts: (digest: string, call?: EngineCall) => Promise<ChartFacts>;
  observeRelease: ObserveRelease;
  /**
   * Common values take precedence over those of the releases, like in the original Walm (decision 22: compatibility).
   */
  commonValuesWin: boolean;
  memoryUnit: MemoryUnit;
  /** Unknown plugins are silently ignored, like in the original Walm (decision 22: compatibility). */
  ignoreUnknownPlugins: boolean;
};

/** The releases that a request names, and the caller. */
export type MembersInput = {
  readonly namespace: string;
  readonly request: ProjectRequest;
  readonly caller: Caller | null;
  readonly requestId: string;
};

/** A release of the request that can be rendered. */
export type JudgedMember = {
  name: string;
  /** As sent, with the dependencies that the project gives it. */
  request: ReleaseRequest;
  resolved: ResolvedChart;
  chart: ChartFacts;
  /** The newest revision; 0 if there is no release of that name. */
  revision: number;
  /** The members that come before it. */
  after: readonly string[];
  warnings: Warning[];
};

/** A release of the request that cannot be rendered, and why; the name is `""` if it has none. */
export type RefusedMember = { name: string; error: ProblemError };

/** In the order of the request. */
export type JudgedMembers = {
  members: JudgedMember[];
  refused: RefusedMember[];
  /** Values that every release gets besides its own. */
  commonValues: JsonObject;
};

/** Judging a release fetches its chart; the engine shares its places between callers anyway. */
const AT_ONCE = 8;
/** Each release stores a copy of the common values, and one task holds and writes all of them. */
const MAX_COPIED_BYTES = 16 * 1024 * 1024;

/**
 * Resolves the charts of the releases of a project, side by side, and connects the releases. A release that is at fault
 * is among `refused`, and the others are judged without it.
 * @throws ProblemError PROJECT_EMPTY, BODY_TOO_LARGE, and of `wireProject`
 */
export type JudgeMembers = (input: MembersInput, signal: AbortSignal) => Promise<JudgedMembers>;

export function createJudgeMembers(deps: JudgeMembersDeps): JudgeMembers {
  function withCommon(request: ReleaseRequest, common: JsonObject): ReleaseRequest {
    return deps.commonValuesWin
      ? { ...request, configValues: mergeValues(request.configValues ?? {}, common) }
      : request;
  }

  async function judge(
    { namespace, caller, requestId }: MembersInput,
    request: ReleaseRequest,
    signal: AbortSignal,
  ): Promise<Omit<JudgedMember, 'after'>> {
    const { name } = toEffectiveRequest(request, namespace);
    const call = { signal, requestId, sharer: sharerOf(caller, namespace) };
    const resolved = await deps.resolveChart({ namespace, request }, call);
    const chart = await deps.chartFacts(resolved.chart.digest, call);
    const { history } = await deps.observeRelease({ identity: caller, namespace, release: name }, call);
    const revision = isNameFree(history) ? 0 : (history.at(-1)?.revision ?? 0);
    const used = { chart, origin: resolved.origin };
    const { warnings } = resolveRequest(request, used, undefined, deps.ignoreUnknownPlugins);
    return { name, request, resolved, chart, revision, warnings };
  }

  return async function judgeMembers(input, signal) {
    const requests = releasesOf(input.request);
    const common = input.request.commonValues ?? {};
    refuseCopies(common, requests.length);
    const refused = new Map<number, RefusedMember>();
    const judged = await mapBounded([...requests.entries()], AT_ONCE, async ([at, request]) => {
      try {
        return [await judge(input, withMemoryUnit(withCommon(request, common), deps.memoryUnit), signal)];
      } catch (error) {
        if (!(error instanceof ProblemError)) {
          throw error;
        }
        refused.set(at, { name: request.name ?? '', error });
        return [];
      }
    });
    const found = judged.flat();
    const wired = wireProject(
      found.map(({ name, chart, request }) => ({
        name,
        chartName: chart.name,
        dependencies: request.dependencies ?? {},
        metainfo: chart.metainfo,
      })),
      input.namespace,
    );
    return {
      members: found.map((one, i) => ({ ...one, ...placeOf(one.request, wired[i]) })),
      refused: [...requests.keys()].flatMap((at) => refused.get(at) ?? []),
      commonValues: deps.commonValuesWin ? {} : common,
    };
  };
}

function placeOf(request: ReleaseRequest, wired: WiredMember = { dependencies: {}, after: [] }) {
  return { request: { ...request, dependencies: wired.dependencies }, after: wired.after };
}

function refuseCopies(common: JsonObject, releases: number): void {
  const bytes = JSON.stringify(common).length * releases;
  if (bytes > MAX_COPIED_BYTES) {
    throw problem(
      'BODY_TOO_LARGE',
      `the commonValues of ${releases} releases take ${bytes} bytes together, and a project holds at most ${MAX_COPIED_BYTES}: send less`,
      { bytes, limitBytes: MAX_COPIED_BYTES },
    );
  }
}

/** The original Walm had two messages, of which only the second began with the failed operation. */
function releasesOf({ releases }: ProjectRequest): ReleaseRequest[] {
  if (releases === undefined) {
    throw problem('PROJECT_EMPTY', 'project params releases can not be empty');
  }
  if (releases.length === 0) {
    throw problem('PROJECT_EMPTY', 'failed to create project : project releases can not be empty');
  }
  return releases;
}
