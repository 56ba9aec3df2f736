import type { JsonObject } from '../../domain/json/json.ts';
import type { EngineCall, ReleaseTarget } from '../../ports/helm/engine-call.ts';
import type { RewriteSealing } from '../../ports/helm/helm-changes.ts';
import type { HelmAdapter } from '../../ports/gate/gated-adapters.ts';
import { checkPass, type HelmPass, type PassedCall } from '../../ports/gate/passes.ts';
import type { ReleaseContent } from '../../ports/helm/release-content.ts';
import type { RecordSeals } from '../../ports/storage/record-seals.ts';
import {
  parseChartDetails,
  parseFetchedChart,
  parseLintedCases,
  parseRepositoryPage,
  parseStoredChart,
  toEngineDigest,
} from './chart-answers.ts';
import { createDocumentTransforms } from './document-transforms.ts';
import type { EngineProcess } from './engine-process.ts';
import type { EngineSettings } from './engine-settings.ts';
import { superviseEngine, type EngineSupervisor } from './engine-supervisor.ts';
import {
  parseRemovedInstall,
  parseRendered,
  parseMergeKeys,
  parseResources,
  parseForetold,
  parseUninstalled,
} from './operation-answers.ts';
import { createProgressListeners } from './progress-listeners.ts';
import { parseComparisons, parseReleases, parseTestRuns } from './live-answers.ts';
import { parseRelease, parseSummaries } from './release-answers.ts';
import { sendValuesOnce } from './shared-values.ts';
import { INLINE_LIMIT, parseSpilledText } from './spilled-text.ts';

/** Helm in a child process that is started at once, and restarted whenever it ends. */
export function createHelmEngine(settings: EngineSettings): HelmAdapter {
  return engineOver((onStart) => superviseEngine(settings, onStart), settings.seals);
}

/** A request whose documents the server may change on the way, with or without a chart. */
type Transformed = ReleaseTarget &
  Partial<Pick<ReleaseContent, 'chart' | 'transform' | 'values'>> & { releaseConfig?: JsonObject | null };

/** Large parameters are passed in files beside their message, like long texts of answers. */
async function enveloped(params: object, { spill }: EngineProcess): Promise<object> {
  const text = JSON.stringify(params);
  return text.length <= INLINE_LIMIT ? params : { spilledParams: await spill.write(text) };
}

/** Implements the port with the protocol, over any supervisor. Without `seals` no record counts as sealed. */
export function engineOver(
  supervise: (onStart: (engine: EngineProcess) => void) => EngineSupervisor,
  seals: Pick<RecordSeals, 'judge'> | null = null,
): HelmAdapter {
  const progress = createProgressListeners();
  const transforms = createDocumentTransforms();
  const discoveryListeners = new Set<() => void>();
  const discoveryChanged = () => discoveryListeners.forEach((listener) => listener());
  let running: EngineProcess | null = null;

  const supervisor = supervise((engine) => {
    running = engine;
    void engine.ended.then(() => {
      running = null;
    });
    engine.onNotification('progress', progress.receive);
    engine.onNotification('discoveryChanged', discoveryChanged);
    engine.onRequest('documents/transform', (params) => transforms.answer(params, engine.spill));
    engine.onRequest('outputs/secrets', (params) => transforms.hideSecrets(params, engine.spill));
    engine.onRequest('release/seal', (params) => transforms.seal(params));
    discoveryChanged();
  });

  /** Sends one request and parses the answer while the process that sent it is known. */
  async function ask<T>(
    method: string,
    params: object,
    call: (EngineCall & Partial<HelmPass>) | undefined,
    parse: (answer: unknown, engine: EngineProcess) => T | Promise<T>,
  ): Promise<T> {
    const engine = await supervisor.engine();
    const { requestId, forget } = progress.register(call);
    try {
      const term = call?.term && { term: call.term };
      const sharer = call?.sharer && { sharer: call.sharer };
      const message = { ...(await enveloped(params, engine)), requestId, ...sharer, ...term };
      const answer = await engine.request(method, message, call?.signal);
      return await parse(answer, engine);
    } finally {
      forget();
    }
  }

  /** Like `ask`, for operations that call back to change documents. */
  async function askTransforming<T>(
    method: string,
    { transform, ...params }: Transformed,
    call: (EngineCall & Partial<HelmPass>) | undefined,
    parse: (answer: unknown, engine: EngineProcess) => T | Promise<T>,
  ): Promise<T> {
    const content =
      params.chart === undefined ? params : { ...sendValuesOnce(params), chart: toEngineDigest(params.chart) };
    const seal = call?.seal ?? null;
    if (transform === undefined && seal === null) return ask(method, content, call, parse);
    const token = transforms.register({ ...(transform && { transform }), ...(seal && { seal }) });
    try {
      const about = transform && { transform: { token: token.name, always: transform.always } };
      const sealed = seal && { sealToken: token.name };
      return await ask(method, { ...content, ...about, ...sealed }, call, parse);
    } catch (error) {
      throw token.failure() ?? error;
    } finally {
      token.forget();
    }
  }

  /** Sends a request that writes. Its call has to come from the gate. */
  async function write<T>(
    method: string,
    request: Transformed,
    call: PassedCall,
    parse: (answer: unknown, engine: EngineProcess) => T | Promise<T>,
  ): Promise<T> {
    checkPass(call);
    return askTransforming(method, request, call, parse);
  }

  /** A request about one release that returns a recorded revision. */
  const forRelease = (
    method: string,
    { sealing, ...request }: Transformed & { sealing?: RewriteSealing },
    call: PassedCall,
  ) => {
    const kept = sealing?.keeps && { kept: sealing.keeps.base };
    return write(method, { ...request, ...kept }, call, (answer, { spill }) =>
      parseRelease(answer, method, { spill, seals }),
    );
  };

  return {
    fetchChart: (source, call) => ask('chart/fetch', { source }, call, parseFetchedChart),
    checkChart: (digest, call) => ask('chart/check', { digest: toEngineDigest(digest) }, call, parseStoredChart),
    inspectChart: (digest, call) =>
      ask('chart/inspect', { digest: toEngineDigest(digest) }, call, async (answer, { spill }) =>
        parseChartDetails(await spill.json(parseSpilledText(answer, 'chart/inspect'))),
      ),
    lintChart: (digest, call) =>
      ask('chart/lint', { digest: toEngineDigest(digest) }, call, async (answer, { spill }) =>
        parseLintedCases(await spill.json(parseSpilledText(answer, 'chart/lint'))),
      ),
    listRepository: (source, page, call) =>
      ask('repository/index', { kind: 'repository', ...source, page }, call, (answer, { spill }) =>
        parseRepositoryPage(answer, spill),
      ),
    packRecordedChart: (target, revision, call) =>
      ask('release/packChart', { ...target, revision: revision ?? 0 }, call, (answer) =>
        answer === null ? null : parseStoredChart(answer),
      ),

    render: (request, call) =>
      askTransforming('release/render', request, call, (answer, { spill }) => parseRendered(answer, spill)),
    install: (request, call) => forRelease('release/install', request, call),
    upgrade: (request, call) => forRelease('release/upgrade', request, call),
    rewriteRelease: (request, call) => forRelease('release/rewrite', request, call),
    uninstall: (request, call) => write('release/uninstall', request, call, parseUninstalled),
    foretellRemoval: (request, call) =>
      askTransforming('release/foretellRemoval', request, call, async (answer, { spill }) =>
        parseForetold(await spill.json(parseSpilledText(answer, 'release/foretellRemoval'))),
      ),

    getRelease: (target, revision, call) =>
      ask('release/get', { ...target, revision: revision ?? 0 }, call, (answer, { spill }) =>
        answer === null ? null : parseRelease(answer, 'release/get', { spill, seals }),
      ),
    getReleases: (wanted, { brief = false, ...call } = {}) =>
      ask(
        'release/getMany',
        { identity: null, releases: wanted, ...(brief && { brief }) },
        call,
        async (answer, { spill }) =>
          parseReleases(await spill.json(parseSpilledText(answer, 'release/getMany')), { spill, seals }),
      ),
    listReleases: (identity, namespace, call) =>
      ask('release/list', { identity, namespace: namespace ?? '' }, call, async (answer, { spill }) =>
        parseSummaries(await spill.json(parseSpilledText(answer, 'release/list')), 'release/list'),
      ),
    releaseHistory: (target, call) =>
      ask('release/history', target, call, async (answer, { spill }) =>
        parseSummaries(await spill.json(parseSpilledText(answer, 'release/history')), 'release/history'),
      ),
    settle: (request, call) => write('release/settle', request, call, () => undefined),
    removeFailedInstall: (request, call) => write('release/removeFailedInstall', request, call, parseRemovedInstall),
    testRelease: (request, call) =>
      write('release/test', request, call, async (answer, { spill }) =>
        parseTestRuns(await spill.json(parseSpilledText(answer, 'release/test'))),
      ),
    compareLive: (target, call) =>
      ask('release/compare', { ...target, revision: target.revision ?? 0 }, call, async (answer, { spill }) =>
        parseComparisons(await spill.json(parseSpilledText(answer, 'release/compare'))),
      ),

    listResources: (call) => ask('objects/resources', {}, call, parseResources),
    mergeKeys: (kinds, call) =>
      ask('objects/mergeKeys', { kinds }, call, (answer) => parseMergeKeys(answer, kinds.length)),
    onDiscoveryChanged(listener) {
      discoveryListeners.add(listener);
      return () => discoveryListeners.delete(listener);
    },
    renewTerm: (term) => running?.notify('lead', term),
    info: () => running?.info ?? null,
    stop: () => supervisor.stop(),
  };
}
