import type { Caller } from '../../domain/access/caller.ts';
import { releaseExists } from '../../domain/errors/release-problems.ts';
import { projectExists } from '../../domain/errors/project-problems.ts';
import { namespaceNotFound } from '../../domain/errors/namespace-problems.ts';
import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { type MemoryUnit, withMemoryUnit } from '../../domain/metainfo/memory-unit.ts';
import { mergeValues } from '../../domain/values/merge-values.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { wireProject, type WiredMember } from '../../domain/projects/project-plan.ts';
import { toEffectiveRequest } from '../../domain/request/release-request.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import { type ProjectInstall, projectKey } from '../../domain/tasks/task.ts';
import { sharerOf } from '../../domain/access/sharer.ts';
import type { EngineCall } from '../../ports/helm/engine-call.ts';
import type { Namespaces } from '../../ports/cluster/namespaces.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { ChartFacts } from '../charts/chart-facts.ts';
import type { ResolveChart, ResolvedChart } from '../charts/resolve-chart.ts';
import type { AwaitOutcome } from '../tasks/await-outcome.ts';
import type { Dependent, Injection } from '../dependencies/inject-dependencies.ts';
import type { ObserveRelease } from '../releases/observe/observe-release.ts';
import { resolveRequest } from '../releases/compose/resolve-request.ts';
import { refuseWarnings } from '../releases/compose/refuse-warnings.ts';
import type { MutationOptions, MutationOutcome } from '../tasks/release-mutation.ts';
import type { SubmitTask } from '../tasks/submit-task.ts';
import { membersOf } from './read-projects.ts';
import { isNameFree } from '../../domain/revisions/history.ts';

export type CreateProjectDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  store: Pick<TaskStore, 'unfinishedOf'>;
  namespaces: Pick<Namespaces, 'exists'>;
  resolveChart: ResolveChart;
  chartFacts: (digest: string, call?: EngineCall) => Promise<ChartFacts>;
  observeRelease: ObserveRelease;
  injectDependencies: (dependent: Dependent) => Promise<Injection>;
  keepArchive: (namespace: string, digest: string, as: Caller | null) => Promise<void>;
  submitTask: SubmitTask;
  awaitOutcome: AwaitOutcome;
  /**
   * Common values take precedence over those of the releases, like in the original Walm (decision 22: compatibility).
   */
  commonValuesWin: boolean;
  memoryUnit: MemoryUnit;
  /** Unknown plugins are silently ignored, like in the original Walm (decision 22: compatibility). */
  ignoreUnknownPlugins: boolean;
};

export interface CreateProjectInput {
  readonly namespace: string;
  readonly project: string;
  readonly request: ProjectRequest;
  readonly waitReady: boolean;
  readonly allowMissing: boolean;
  readonly options: MutationOptions;
}

/** A validated release of the project. */
type Judged = {
  name: string;
  request: ReleaseRequest;
  resolved: ResolvedChart;
  chart: ChartFacts;
  warnings: Warning[];
};

/**
 * Accepts a project: any fault that can be known in advance, in any of its releases, is refused before anything is
 * written; then one durable task installs the releases, each after its dependencies. Throws PROJECT_EMPTY,
 * PROJECT_EXISTS, the problems of an install, and the problem that the task fails with.
 */
export type CreateProject = (input: CreateProjectInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createCreateProject(deps: CreateProjectDeps): CreateProject {
  return async function createProject(input, signal) {
    const { namespace, project, options } = input;
    const requests = releasesOf(input.request);
    const undecided =
      options.idempotencyKey !== undefined || deps.store.unfinishedOf(projectKey(namespace, project)).length > 0;
    if (!undecided && membersOf(await deps.cache.list(namespace), project).length > 0) {
      throw projectExists(namespace, project);
    }
    if (!(await deps.namespaces.exists(namespace))) {
      throw namespaceNotFound(namespace);
    }
    const common = input.request.commonValues ?? {};
    refuseCopies(common, requests.length);
    const judged: Judged[] = [];
    for (const request of requests) {
      judged.push(await judge(input, withMemoryUnit(withCommon(request, common), deps.memoryUnit), undecided, signal));
    }
    const wired = wireProject(
      judged.map(({ name, chart, request }) => ({
        name,
        chartName: chart.name,
        dependencies: request.dependencies ?? {},
        metainfo: chart.metainfo,
      })),
      namespace,
    );
    const warnings = await judgeDependencies(input, judged, wired);
    refuseWarnings(warnings, options.strict);
    const installs = judged.map((one, i) => toInstall(input, one, wired[i]));
    const digests = new Set(installs.map(({ order }) => order.origin.digest));
    const stored = await deps.submitTask({
      namespace,
      release: '',
      project,
      order: { kind: 'createProject', installs },
      warnings: [...options.warnings, ...warnings],
      options,
      seen: { history: [], ownConfig: null },
      keepArchive: async () => {
        await Promise.all([...digests].map((digest) => deps.keepArchive(namespace, digest, options.caller)));
        return true;
      },
    });
    return deps.awaitOutcome(stored, options.waiting, signal);
  };

  function withCommon(request: ReleaseRequest, common: ProjectRequest['commonValues'] & {}): ReleaseRequest {
    return deps.commonValuesWin
      ? { ...request, configValues: mergeValues(request.configValues ?? {}, common) }
      : request;
  }

  async function judge(
    { namespace, options }: CreateProjectInput,
    given: ReleaseRequest,
    undecided: boolean,
    signal: AbortSignal,
  ): Promise<Judged> {
    const { name } = toEffectiveRequest(given, namespace);
    const call = { signal, requestId: options.requestId, sharer: sharerOf(options.caller, namespace) };
    const resolved = await deps.resolveChart({ namespace, request: given }, call);
    const chart = await deps.chartFacts(resolved.chart.digest, call);
    const { history } = await deps.observeRelease({ identity: options.caller, namespace, release: name }, call);
    if (!undecided && deps.store.unfinishedOf(releaseKey(namespace, name)).length === 0 && !isNameFree(history)) {
      throw releaseExists(namespace, name, history.at(-1)?.revision ?? 0);
    }
    const { warnings } = resolveRequest(
      given,
      { chart, origin: resolved.origin },
      undefined,
      deps.ignoreUnknownPlugins,
    );
    return { name, request: given, resolved, chart, warnings };
  }

  async function judgeDependencies(
    { namespace, allowMissing, options }: CreateProjectInput,
    judged: readonly Judged[],
    wired: readonly WiredMember[],
  ): Promise<Warning[]> {
    const coming = new Set(judged.map(({ name }) => releaseKey(namespace, name)));
    const warnings: Warning[] = [];
    for (const [i, { name, chart, request, warnings: own }] of judged.entries()) {
      const { dependencies } = toEffectiveRequest(wiredRequest(request, wired[i]), namespace);
      const injection = await deps.injectDependencies({
        namespace,
        name,
        dependencies,
        metainfo: chart.metainfo,
        caller: options.caller,
        allowMissing,
        isComing: (key) => coming.has(key) || deps.store.unfinishedOf(key).length > 0,
      });
      const about = [...own, ...injection.warnings];
      warnings.push(...about.map((one) => ({ ...one, message: `release ${name}: ${one.message}` })));
    }
    return warnings;
  }

  function toInstall(input: CreateProjectInput, judged: Judged, wired: WiredMember | undefined): ProjectInstall {
    const { request, resolved, name } = judged;
    const { project, waitReady, allowMissing } = input;
    const commonValues = deps.commonValuesWin ? {} : (input.request.commonValues ?? {});
    return {
      release: name,
      after: wired?.after ?? [],
      order: {
        kind: 'install',
        request: wiredRequest(request, wired),
        origin: resolved.origin,
        createNamespace: false,
        crds: 'create',
        waitReady,
        allowMissing,
        membership: { project, commonValues },
      },
    };
  }
}

/** Each release stores a copy of the common values, and one task holds and writes all of them. */
const MAX_COPIED_BYTES = 16 * 1024 * 1024;

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

function wiredRequest(request: ReleaseRequest, wired: WiredMember | undefined): ReleaseRequest {
  return wired === undefined ? request : { ...request, dependencies: wired.dependencies };
}
