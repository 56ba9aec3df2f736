import { createMemoryCharts, type MemoryCharts } from '../../server/adapters/memory/helm-charts.ts';
import { withJudgement } from '../../server/adapters/memory/helm-judged.ts';
import { problemOf } from '../../server/adapters/kube/client/problem-of.ts';
import { problem } from '../../server/domain/errors/problem-error.ts';
import type { ChartDetails, StoredChart } from '../../server/ports/helm/helm-chart.ts';
import type { EngineCall, ReleaseTarget } from '../../server/ports/helm/engine-call.ts';
import type { HelmAdapter } from '../../server/ports/gate/gated-adapters.ts';
import type { HelmPass } from '../../server/ports/gate/passes.ts';
import type { Term } from '../../server/ports/storage/leadership.ts';
import { KINDS } from './api-naming.ts';
import { createOperation } from './engine-operations.ts';
import type { Link, RequestCall } from './world/network.ts';
import { releaseOf, type Requests } from './record-secrets.ts';
import { ARCHIVE, CHART, CHART_DIGEST } from './simulated-charts.ts';
import { leaseHolder } from './world/lease.ts';
import { createSimulatedProcess, type SimulatedProcess } from './world/simulated-process.ts';
import type { SimulatedWorld } from './world/simulated-world.ts';

/** The engine of one server: a separate process, which can be frozen and killed alone. */
export interface SimulatedEngine {
  readonly port: HelmAdapter;
  freeze(ms: number): void;
  /** Ends it at once, and starts it again after this time; null: never. */
  kill(backAfterMs: number | null): void;
}

export interface SimulatedEngineDeps {
  world: SimulatedWorld;
  link: Link;
  server: SimulatedProcess;
  /** Called with actions that no engine should take. */
  onDefect: (text: string) => void;
  /** The charts that it has, and the kinds that it knows; absent: those of the simulated world. */
  charts?: MemoryCharts;
}

const INFO = { engineVersion: '1', helmVersion: '4', kubernetesVersion: '1.34', isolation: [] };
const engineStopped = () => problem('ENGINE_STOPPED', 'the engine stopped before it answered');

function laterOf(one: Term, other: Term): Term {
  const isLater = other.number > one.number || (other.number === one.number && other.untilMs > one.untilMs);
  return isLater ? other : one;
}

/** Starts the engine of a server. */
export function createSimulatedEngine(deps: SimulatedEngineDeps): SimulatedEngine {
  const { world, link, server, onDefect } = deps;
  const { time, api, trace } = world;
  const charts = deps.charts ?? usualCharts();
  const startProcess = (): SimulatedProcess => createSimulatedProcess(time, `${server.name}'s engine`);
  let process = startProcess();
  let newest: Term = { number: 0, untilMs: 0 };
  /** The latest term that the server has sent, whether or not the engine has read it. */
  let sent = newest;
  const pending = new Set<() => void>();
  let waiting: (() => void)[] = [];
  let isOver = false;

  async function running(): Promise<SimulatedProcess> {
    if (!process.isAlive()) await new Promise<void>((resolve) => waiting.push(resolve));
    return process;
  }

  /** A call from the server to the engine: it waits while either is frozen, and fails if the engine ends first. */
  async function ask<T>(call: EngineCall | undefined, act: (engine: SimulatedProcess) => Promise<T>): Promise<T> {
    const engine = await running();
    if (call?.signal?.aborted === true) throw problem('CANCELLED', 'the operation was cancelled before it began');
    const answer = Promise.withResolvers<T>();
    const lost = () => server.wake(() => answer.reject(engineStopped()));
    pending.add(lost);
    const tell = (what: () => void) => {
      if (!engine.isAlive()) return;
      pending.delete(lost);
      server.wake(what);
    };
    time.after(0, () =>
      engine.wake(() => {
        act(engine).then(
          (value) => tell(() => answer.resolve(value)),
          (error: unknown) => tell(() => answer.reject(error)),
        );
      }),
    );
    return answer.promise;
  }

  function renew(term: Term): void {
    newest = laterOf(newest, term);
  }

  /** The server sends every renewal before the calls that follow it. Without it, a long operation would lose its term. */
  function checkRenewals(term: Term): void {
    if (term.number === sent.number && term.untilMs > sent.untilMs)
      onDefect(`${server.name} sent no renewal to its engine`);
    sent = laterOf(sent, term);
  }

  /** Like engine/client/lead.go: the clock is read before each write, and after one refusal all later writes are refused. */
  function createPermit(engine: SimulatedProcess, term: Term | null | undefined): (about: string) => void {
    if (term) renew(term);
    let refused = false;
    return (about) => {
      refused ||=
        term !== null && term !== undefined && (newest.number !== term.number || engine.clock.now() >= newest.untilMs);
      if (refused) throw problem('CLUSTER_UNREACHABLE', 'this replica does not lead any longer');
      if (leaseHolder(api) !== server.name) onDefect(`${engine.name} sends a write (${about}), and does not lead`);
    };
  }

  function requestsOf(engine: SimulatedProcess, permit: (about: string) => void, call: RequestCall): Requests {
    return {
      read: (about, act) => link.request(engine, about, call, () => act(api)),
      // Like engine/client/gate.go: a cancelled operation sends no further write, and waits for the one in flight.
      async write(about, act) {
        call.signal?.throwIfAborted();
        permit(about);
        const { signal: _, ...uncancelled } = call;
        return link.request(engine, about, { ...uncancelled, unguarded: /^(apply|delete) /u.test(about) }, () =>
          act(api),
        );
      },
    };
  }

  async function operate<T>(
    about: string,
    target: ReleaseTarget,
    call: (EngineCall & Partial<HelmPass>) | undefined,
    act: (operation: ReturnType<typeof createOperation>) => Promise<T>,
  ): Promise<T> {
    const { namespace, name, identity } = target;
    if (call?.term) checkRenewals(call.term);
    return ask(call, async (engine) => {
      const permit = createPermit(engine, call?.term);
      const cancelled = new AbortController();
      call?.signal?.addEventListener('abort', () => engine.wake(() => cancelled.abort(new Error('cancelled'))), {
        once: true,
      });
      const operation = createOperation({
        target: { identity, namespace, name },
        requests: requestsOf(engine, permit, { signal: cancelled.signal }),
        afterwards: requestsOf(engine, permit, {}),
        isCancelled: () => cancelled.signal.aborted,
        clock: engine.clock,
        charts,
      });
      trace.note(`${engine.name} begins to ${about} ${namespace}/${name}`);
      try {
        return await act(operation);
      } catch (error) {
        if (cancelled.signal.aborted) throw problem('CANCELLED', `the operation on ${name} was cancelled`);
        throw problemOf(error, { kind: 'Release', namespace, name });
      } finally {
        trace.note(`${engine.name} ends to ${about} ${namespace}/${name}`);
      }
    });
  }

  const unneeded = (method: string) => () => Promise.reject(new Error(`the simulated engine cannot perform ${method}`));

  const port: HelmAdapter = {
    fetchChart: () => Promise.resolve({ ...STORED, reference: 'stable/app', created: '' }),
    checkChart: () => Promise.resolve(STORED),
    inspectChart: () => Promise.resolve(DETAILS),
    lintChart: () => Promise.resolve([]),
    listRepository: unneeded('listRepository'),
    packRecordedChart: (target, revision, call) =>
      operate('pack the chart of', target, call, async (operation) => {
        const found = await operation.find(revision);
        return found === undefined ? null : { ...STORED, name: found.chartName, version: found.chartVersion };
      }),
    render: (request, call) =>
      ask(call, async () => {
        const { objects, hooks, warnings, manifest } = await charts.rendered(request);
        const { values: computedValues } = request;
        return {
          manifest,
          documents: objects,
          hooks: [],
          crds: [],
          removals: [],
          notes: '',
          computedValues,
          warnings,
          ...(hooks && {}),
        };
      }),
    install: (request, call) => operate('install', request, call, (operation) => operation.install(request)),
    upgrade: (request, call) => operate('upgrade', request, call, (operation) => operation.upgrade(request)),
    rewriteRelease: (request, call) => operate('rewrite', request, call, (operation) => operation.rewrite(request)),
    uninstall: (request, call) => operate('uninstall', request, call, (operation) => operation.uninstall(request)),
    foretellRemoval: (request, call) =>
      operate('foretell the removal of', request, call, (operation) => operation.foretell(request)),
    getRelease: (target, revision, call) =>
      operate('read', target, call, async (operation) => {
        const found = await operation.find(revision);
        return found === undefined ? null : withJudgement(found);
      }),
    getReleases: (wanted, call) =>
      ask(call, (engine) =>
        link
          .request(engine, `read ${wanted.length} releases`, {}, () =>
            wanted.map(({ namespace, name, revision }) => {
              const labelSelector = `owner=helm,name=${name}${revision === undefined ? '' : `,version=${revision}`}`;
              const { items } = api.list(`/api/v1/namespaces/${namespace}/secrets`, { labelSelector });
              const found = items
                .map(releaseOf)
                .toSorted((a, b) => a.revision - b.revision)
                .at(-1);
              return found === undefined ? null : withJudgement(found);
            }),
          )
          .catch((error: unknown) => {
            throw problemOf(error, { kind: 'Release', name: '' });
          }),
      ),
    listReleases: unneeded('listReleases'),
    releaseHistory: (target, call) => operate('look at', target, call, (operation) => operation.history()),
    settle: (request, call) =>
      operate(`settle revision ${request.revision} of`, request, call, (operation) =>
        operation.settle(request.revision, request.description),
      ),
    removeFailedInstall: (request, call) =>
      operate('clear away', request, call, (operation) => operation.removeFailedInstall()),
    testRelease: (request, call) => operate('test', request, call, (operation) => operation.test(request)),
    compareLive: (target, call) => operate('compare', target, call, (operation) => operation.compare(target.revision)),
    listResources: () =>
      Promise.resolve(
        Object.entries(KINDS).map(([collection, { apiVersion, kind, global }]) => {
          const [group = '', plural = ''] = collection.split('/');
          const version = apiVersion.split('/').at(-1) ?? '';
          return { group, version, kind, plural, namespaced: global !== true, verbs: ['list'] };
        }),
      ),
    mergeKeys: unneeded('mergeKeys'),
    onDiscoveryChanged: () => () => undefined,
    renewTerm(term) {
      sent = laterOf(sent, term);
      process.wake(() => renew(term));
    },
    info: () => (process.isAlive() ? INFO : null),
    stop: () => Promise.resolve(),
  };

  return {
    port,
    freeze: (ms) => process.freeze(ms),
    kill(backAfterMs) {
      if (isOver) return;
      isOver = backAfterMs === null;
      const wasDown = !process.isAlive();
      process.kill();
      const cut = [...pending];
      pending.clear();
      cut.forEach((lost) => lost());
      if (backAfterMs === null || wasDown) return;
      time.after(backAfterMs, () => {
        if (isOver) return;
        process = startProcess();
        newest = { number: 0, untilMs: 0 };
        const woken = waiting;
        waiting = [];
        woken.forEach((wake) => server.wake(wake));
      });
    },
  };
}

const STORED: StoredChart = { digest: CHART_DIGEST, bytes: ARCHIVE.length, name: CHART.name, version: CHART.version };
const DETAILS: ChartDetails = {
  digest: CHART_DIGEST,
  name: CHART.name,
  version: CHART.version,
  appVersion: '1',
  description: '',
  metadata: {},
  values: {},
  valuesText: '',
  schemas: [],
  readme: '',
  license: '',
  metaFiles: {},
  crds: [],
  engine: 'helm',
  templates: [],
  bundledDependencies: [],
  readWords: null,
  notInstallable: '',
};

function usualCharts(): MemoryCharts {
  const charts = createMemoryCharts();
  charts.put(CHART_DIGEST, CHART);
  return charts;
}
