import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { sharerOf } from '../../domain/access/sharer.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { type MemoryUnit, withMemoryUnit } from '../../domain/metainfo/memory-unit.ts';
import { type ProjectMember, wireProject, type WiredMember } from '../../domain/projects/project-plan.ts';
import { repositoryOf } from '../../domain/charts/other-version.ts';
import { namesChart } from '../../domain/request/names-chart.ts';
import { NEW_RELEASE, toEffectiveRequest } from '../../domain/request/release-request.ts';
import type { HelmStatus } from '../../domain/revisions/helm-status.ts';
import { isNameFree } from '../../domain/revisions/history.ts';
import { mergeValues } from '../../domain/values/merge-values.ts';
import { DEFAULT_REPOSITORY } from '../../ports/helm/chart-repositories.ts';
import type { EngineCall } from '../../ports/helm/engine-call.ts';
import { mapBounded } from '../../ports/runtime/map-bounded.ts';
import type { ChartFacts } from '../charts/chart-facts.ts';
import type { ResolveChart, ResolvedChart } from '../charts/resolve-chart.ts';
import { resolveRequest } from '../releases/compose/resolve-request.ts';
import type { ObserveRelease } from '../releases/observe/observe-release.ts';
import type { PresentMember, ReadMember } from './read-member.ts';

export type JudgeMembersDeps = {
  readMember: ReadMember;
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
  readonly project: string;
  readonly request: ProjectRequest;
  /** Releases that are there and are not named: they are connected with the named ones. */
  readonly others?: readonly ProjectMember[];
  /**
   * The request says all that its releases are to be: what they depend on, too. A chart without a version is the version that a release has,
   * unless `refresh`.
   */
  readonly complete?: { readonly refresh: boolean };
  /** Called for each release before its chart is fetched: `revision` is its newest one, 0 for one that is not there. */
  readonly admit?: (name: string, revision: number) => Promise<void>;
  readonly caller: Caller | null;
  readonly requestId: string;
};

/** A release of the request that can be rendered. */
export type JudgedMember = {
  name: string;
  /** As sent, with the dependencies that the project gives it. */
  request: ReleaseRequest;
  /** The chart that it names; null for a release that is there and keeps its chart. */
  resolved: ResolvedChart | null;
  chart: ChartFacts;
  /** The newest revision; 0 if there is no release of that name. */
  revision: number;
  /** Its status; null if there is none. */
  status: HelmStatus | null;
  /** The release that is there; null also if its chart is not known any more and it gets another one. */
  present: PresentMember | null;
  /** The members that come before it. */
  after: readonly string[];
  warnings: Warning[];
};

/** A judged release before it is connected; `recorded` are the dependencies that it has. */
type Unplaced = Omit<JudgedMember, 'after'> & { recorded: Record<string, string> };

const UNCONNECTED: WiredMember = { dependencies: {}, after: [] };

/** A release of the request that cannot be rendered, and why; the name is `""` if it has none. */
export type RefusedMember = { name: string; error: ProblemError };

/** In the order of the request. */
export type JudgedMembers = {
  members: JudgedMember[];
  /** Dependencies that `others` get in addition, and the named releases that come before them. */
  rewired: (WiredMember & { name: string })[];
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
    { namespace, project, caller, requestId, complete, admit }: MembersInput,
    request: ReleaseRequest,
    signal: AbortSignal,
  ): Promise<Unplaced> {
    const { name } = toEffectiveRequest(request, namespace);
    const call = { signal, requestId, sharer: sharerOf(caller, namespace) };
    const { history } = await deps.observeRelease({ identity: caller, namespace, release: name }, call);
    const newest = isNameFree(history) ? undefined : history.at(-1);
    const revision = newest?.revision ?? 0;
    await admit?.(name, revision);
    const keepsChart = !namesChart({ request });
    /** A release that gets another chart need not have one that is known. */
    const ifNeeded = (error: unknown): null => {
      if (keepsChart || !(error instanceof ProblemError)) {
        throw error;
      }
      return null;
    };
    const present = revision === 0 ? null : await deps.readMember({ namespace, name, caller }, call).catch(ifNeeded);
    const known = {
      name,
      request,
      revision,
      status: newest?.status ?? null,
      present,
      recorded: complete === undefined ? (present?.dependencies ?? {}) : {},
    };
    const keepsVersion = complete?.refresh === false && present !== null && namesItsChart(request, present);
    if (present !== null && (keepsChart || keepsVersion)) {
      return { ...known, resolved: null, chart: present.chart, warnings: [] };
    }
    const resolved = await deps.resolveChart({ namespace, request }, call);
    const chart = await deps.chartFacts(resolved.chart.digest, call);
    const used = { chart, origin: resolved.origin };
    // What is recorded of a release that exists is read by its own change, which says what it removes in vain.
    const empty = revision === 0 ? { ...NEW_RELEASE, project } : undefined;
    const { warnings } = resolveRequest(request, used, empty, deps.ignoreUnknownPlugins);
    return { ...known, resolved, chart, warnings };
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
    const { others = [] } = input;
    const named: ProjectMember[] = found.map(({ name, chart, request, recorded }) => ({
      name,
      chartName: chart.name,
      dependencies: { ...recorded, ...request.dependencies },
      metainfo: chart.metainfo,
    }));
    const wired = wireProject([...others, ...named], input.namespace);
    return {
      members: found.map((one, i) => placed(one, wired[others.length + i])),
      rewired: others.flatMap(({ name, dependencies }, i) => added(name, dependencies, wired[i])),
      refused: [...requests.keys()].flatMap((at) => refused.get(at) ?? []),
      commonValues: deps.commonValuesWin ? {} : common,
    };
  };
}

/** Whether a request names the chart that a release has, in no particular version. */
function namesItsChart({ chartImage, chartName, chartVersion, repoName }: ReleaseRequest, present: PresentMember) {
  const [ownRepo, ownChart] = present.origin.kind === 'repository' ? repositoryOf(present.origin) : [];
  const repository = repoName || DEFAULT_REPOSITORY;
  return !chartImage && !chartVersion && chartName === ownChart && repository === ownRepo;
}

function placed({ recorded, ...member }: Unplaced, wired: WiredMember = UNCONNECTED): JudgedMember {
  const asked = member.request.dependencies ?? {};
  const dependencies = Object.entries(wired.dependencies).filter(
    ([key]) => Object.hasOwn(asked, key) || !Object.hasOwn(recorded, key),
  );
  return {
    ...member,
    request: { ...member.request, dependencies: Object.fromEntries(dependencies) },
    after: wired.after,
  };
}

/** The dependencies that a release gets which it does not have; none if it keeps what it has. */
function added(name: string, recorded: Record<string, string>, wired: WiredMember = UNCONNECTED) {
  const dependencies = Object.entries(wired.dependencies).filter(([key]) => !Object.hasOwn(recorded, key));
  return dependencies.length === 0
    ? []
    : [{ name, dependencies: Object.fromEntries(dependencies), after: wired.after }];
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
