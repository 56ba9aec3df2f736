import { createHash } from 'node:crypto';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { createMemoryAccessReviews } from '../../../server/adapters/memory/access-reviews.ts';
import { createMemoryChartArchives } from '../../../server/adapters/memory/chart-archives.ts';
import { createMemoryChartFolder } from '../../../server/adapters/memory/chart-folder.ts';
import { createMemoryCharts, type MemoryChart } from '../../../server/adapters/memory/helm-charts.ts';
import { createMemoryHelm } from '../../../server/adapters/memory/helm-releases.ts';
import { createMemoryLiveObjects } from '../../../server/adapters/memory/live-objects.ts';
import { createManualClock } from '../../../server/adapters/memory/manual-clock.ts';
import { createMemoryNamespaces } from '../../../server/adapters/memory/namespaces.ts';
import { createMemoryReleaseCache } from '../../../server/adapters/memory/release-cache.ts';
import { createMemorySourceCredentials } from '../../../server/adapters/memory/source-credentials.ts';
import { createMemoryTaskStore } from '../../../server/adapters/memory/task-store.ts';
import { callerOf } from '../../../server/domain/access/caller.ts';
import { problem } from '../../../server/domain/errors/problem-error.ts';
import { hideLayers, hideShipped } from '../../../server/domain/masking/hide-layers.ts';
import { hideRecorded } from '../../../server/domain/masking/hide-recorded.ts';
import { toReleaseRecord } from '../../../server/domain/release/release-record.ts';
import type { Task } from '../../../server/domain/tasks/task.ts';
import { createAuthorization } from '../../../server/services/access/authorization.ts';
import type { ChartFacts } from '../../../server/services/charts/chart-facts.ts';
import { createFindChart } from '../../../server/services/charts/find-chart.ts';
import {
  createKeepArchive,
  createRestoreArchive,
  createRestoreRecorded,
} from '../../../server/services/charts/keep-archive.ts';
import { createKnownArchives } from '../../../server/services/charts/known-archives.ts';
import { createResolveChart } from '../../../server/services/charts/resolve-chart.ts';
import type { ReadProvider } from '../../../server/services/dependencies/read-provider.ts';
import { createInjectDependencies } from '../../../server/services/dependencies/inject-dependencies.ts';
import { createBuildRelease } from '../../../server/services/releases/compose/build-release.ts';
import { createPlanRollback } from '../../../server/services/releases/compose/plan-rollback.ts';
import { createMergeUpgrade } from '../../../server/services/releases/compose/merge-upgrade.ts';
import { createFindManaged } from '../../../server/services/releases/observe/find-managed.ts';
import { createObserveRelease } from '../../../server/services/releases/observe/observe-release.ts';
import { createAwaitOutcome } from '../../../server/services/tasks/await-outcome.ts';
import type { MutationOptions, UploadedArchive } from '../../../server/services/tasks/release-mutation.ts';
import { createSubmitTask } from '../../../server/services/tasks/submit-task.ts';
import { createTaskPlaces } from '../../../server/services/tasks/task-places.ts';
import { recordedRevision } from './recorded-revision.ts';

/** Walm's own namespace on the stage. */
const SYSTEM = 'walm-system';

/** What a chart of the stage is besides its name. */
type StagedChart = Partial<Omit<ChartFacts, 'name'>> & { render?: MemoryChart['render'] };

export type ReleaseStage = ReturnType<typeof createReleaseStage>;

/**
 * Everything that use cases of releases need, on memory parts: an empty namespace `shop`, a repository `stable` with the
 * charts that a test adds, and a user `ann` who may do what `rights` says. Tasks are accepted, but not run.
 */
export function createReleaseStage(rights: readonly string[] = ['*']) {
  const clock = createManualClock();
  const helm = createMemoryHelm(clock);
  const tasks = createMemoryTaskStore();
  const cache = createMemoryReleaseCache();
  /** What the cluster has: a test that removes a release from the cache alone makes the cache lag. */
  const current = createMemoryReleaseCache();
  const namespaces = createMemoryNamespaces(['shop', SYSTEM]);
  const folder = createMemoryChartFolder();
  const archives = createMemoryChartArchives({ clock, isReferenced: () => false });
  const rendering = createMemoryCharts();
  const facts = new Map<string, ChartFacts>();
  const ann = callerOf({ user: 'ann', groups: [] });
  const authorization = createAuthorization({
    reviews: createMemoryAccessReviews([{ user: 'ann', groups: [], token: 'of-ann', rights }]),
    clock,
  });
  /** Result of a task that a caller waits for. */
  const outcome: { task: Partial<Task> } = { task: { state: 'succeeded' } };
  let ids = 0;

  const resolveChart = createResolveChart({
    repositories: () => [
      {
        name: 'stable',
        url: 'https://charts.example',
        address: { prefix: 'https://charts.example', plainHttp: false, username: '', password: '' },
        access: {},
        origin: 'configuration',
      },
    ],
    credentials: createMemorySourceCredentials(),
    newerVersions: { seen: () => {} },
    engine: {
      async fetchChart(source) {
        if (source.kind !== 'repository') throw problem('CHART_NOT_FOUND', 'there is one repository, and nothing else');
        const found = [...facts].findLast(
          ([, { name, version }]) => name === source.chart && ['', version].includes(source.version),
        );
        if (found === undefined) throw problem('CHART_NOT_FOUND', `there is no chart ${source.chart}`);
        const [digest, { name, version }] = found;
        return { digest, bytes: 1, name, version, reference: `${name}:${version}`, created: '' };
      },
    },
  });
  const restoreArchive = createRestoreArchive({ folder, archives, stagingNamespace: SYSTEM });
  const known = createKnownArchives();
  const restoreRecorded = createRestoreRecorded({ folder, archives, known });
  const findChart = createFindChart({ restoreRecorded, resolveChart, engine: helm });
  const readProvider: ReadProvider = async (key) => {
    const record = await cache.get(key);
    const outputs = record?.facts?.outputConfigValues ?? {};
    return record === undefined ? null : { record, outputs, shown: outputs, digest: 'd', digests: {} };
  };
  const injectDependencies = createInjectDependencies({ cache, readProvider, authorization, refuseUnknown: false });
  const chartFacts = async (digest: string): Promise<ChartFacts> => {
    const found = facts.get(digest);
    if (found === undefined) throw problem('CHART_NOT_FOUND', `there is no chart ${digest}`);
    return found;
  };
  const live = createMemoryLiveObjects();
  const findManaged = createFindManaged({ engine: helm });
  const buildRelease = createBuildRelease({
    injectDependencies,
    transformDocuments: () => ({ run: () => ({ changed: [], added: [], warnings: [] }), always: false }),
    hideLayers: (input) => Promise.resolve(hideLayers(input)),
    hideShipped: (input) => Promise.resolve(hideShipped(input)),
    sourceAsAsked: false,
  });

  return {
    ann,
    clock,
    helm,
    tasks,
    cache,
    current,
    namespaces,
    archives,
    rendering,
    authorization,
    outcome,
    resolveChart,
    findChart,
    restoreArchive,
    injectDependencies,
    readProviders: () => readProvider,
    chartFacts,
    live,
    stagingNamespace: SYSTEM,
    keepArchive: createKeepArchive({ folder, archives, known }),
    observeRelease: createObserveRelease({ engine: helm }),
    findManaged,
    mergeUpgrade: createMergeUpgrade({ findChart, restoreArchive, chartFacts, ignoreUnknownPlugins: false }),
    buildRelease,
    planRollback: createPlanRollback({
      injectDependencies,
      buildRelease,
      findChart,
      chartFacts,
      findManaged,
      hideRecorded: (content) => Promise.resolve(hideRecorded(content)),
      live,
      pauseDaemonSets: true,
    }),
    submitTask: createSubmitTask({
      systemNamespace: SYSTEM,
      store: tasks,
      authorization,
      places: createTaskPlaces({ store: tasks, perNamespace: 100, perCaller: 100 }),
      starter: { reserve: () => null },
      clock,
      newId: () => `id-${(ids += 1)}`,
    }),
    awaitOutcome: createAwaitOutcome({
      waitForTask: ({ task }) => Promise.resolve({ ...task, ...outcome.task }),
      awaitCacheCatchUp: () => Promise.resolve(),
    }),
    /**
     * Adds a chart to the repository and to the chart folder, known to be kept in `shop`; answers it as an archive that was
     * sent.
     */
    async chart(name: string, version = '1.0.0', given: StagedChart = {}): Promise<UploadedArchive> {
      const { render = () => [], ...rest } = given;
      const bytes = Buffer.from(`${name}-${version}`);
      const digest = createHash('sha256').update(bytes).digest('hex');
      const plain = { appVersion: '1', metainfo: null, values: {}, readWords: null, warnings: [] as Warning[] };
      facts.set(digest, { name, version, ...plain, secrets: { schemas: [], paths: [] }, ...rest });
      helm.chart(digest, { name, version, render });
      rendering.put(digest, { name, version, render });
      await folder.write(digest, bytes);
      known.add('shop', digest);
      return { digest, bytes: bytes.length, name, version, fileName: `${name}.tgz` };
    },
    /** A revision that Helm records, and that the cache knows. */
    async release(given: Parameters<typeof recordedRevision>[0]) {
      const revision = recordedRevision({ namespace: 'shop', ...given });
      helm.record(revision);
      const record = toReleaseRecord(revision, { earlier: null, firstWritten: '' });
      await Promise.all([cache.put(record), current.put(record)]);
      return revision;
    },
    /** Tasks that were accepted, oldest first. */
    accepted: () => tasks.all().map(({ task }) => task),
  };
}

/** Terms of a request of an arbitrary caller that does not wait. */
export function terms(given: Partial<MutationOptions> = {}): MutationOptions {
  return { waiting: null, requestId: 'r', caller: null, warnings: [], ...given };
}
