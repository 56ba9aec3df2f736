import { createHash } from 'node:crypto';
import type { JsonObject } from '../../domain/json/json.ts';
import { valueAt } from '../../domain/json/json-reading.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import { NO_SEAL, type SealState } from '../../domain/seals/seal-state.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';
import type { HelmEngine, NextRevision, ReleaseTarget, Sealing } from '../../ports/helm/helm-engine.ts';
import type { StoredChart } from '../../ports/helm/helm-chart.ts';
import type { HelmRelease, HelmStatus } from '../../ports/helm/helm-release.ts';
import { refuseUnjudged, withJudgement } from './helm-judged.ts';
import { createMemoryLive } from './helm-live.ts';
import { createMemoryCharts, type MemoryChart } from './helm-charts.ts';

/** The part of Helm that changes releases, with its records in memory. */
export type MemoryHelm = Pick<
  HelmEngine,
  | 'compareLive'
  | 'getRelease'
  | 'getReleases'
  | 'install'
  | 'settle'
  | 'packRecordedChart'
  | 'releaseHistory'
  | 'removeFailedInstall'
  | 'rewriteRelease'
  | 'testRelease'
  | 'foretellRemoval'
  | 'uninstall'
  | 'upgrade'
> & {
  /** Writes a revision as somebody else's Helm would. */
  write(namespace: string, name: string, revision: number, status: HelmStatus, objects?: HelmRelease['objects']): void;
  /** Writes a revision with everything that is given. */
  record(release: Partial<HelmRelease> & Pick<HelmRelease, 'namespace' | 'name' | 'revision'>): void;
  /** What installs and upgrades by this digest render. */
  chart(digest: string, chart: MemoryChart): void;
  /** From now on the cluster does not serve this kind in this version. */
  unserve(apiVersion: string, kind: string): void;
  /** From now on this is what runs of an object that is recorded as `kind/name`; null: nothing. */
  drift(kind: string, name: string, live: JsonObject | null): void;
  /** From now on this test hook fails. */
  failTest(name: string, message: string): void;
  /** What the next install, upgrade or rewrite does after its record is written as pending, instead of deploying. */
  interruptNext(interruption: () => Error): void;
};

/** Helm without a cluster: records are kept and answered as Helm does, objects are not made. */
export function createMemoryHelm(clock: Clock): MemoryHelm {
  const records = new Map<string, HelmRelease[]>();
  const interruptions: (() => Error)[] = [];
  const charts = createMemoryCharts();
  const running = createMemoryLive();
  const keyOf = ({ namespace, name }: ReleaseTarget) => releaseKey(namespace, name);
  const historyOf = (target: ReleaseTarget) => (records.get(keyOf(target)) ?? []).map(withJudgement);

  /** A revision of the chart that renders to nothing, but for what is given. */
  function revisionOf(given: Partial<HelmRelease> & Pick<HelmRelease, 'namespace' | 'name' | 'revision'>): HelmRelease {
    const at = timestamp(clock);
    const status = given.status ?? 'deployed';
    return {
      status,
      updated: at,
      firstDeployed: at,
      chartName: 'chart',
      chartVersion: '1.0.0',
      appVersion: '1',
      description: `${status} it is`,
      labels: {},
      config: {},
      computedValues: given.config ?? {},
      manifest: '',
      hooks: [],
      notes: '',
      chartMetadata: {},
      objects: [],
      releaseConfig: null,
      schemas: [],
      metaFiles: {},
      warnings: [],
      seal:
        readReleaseFacts(given.releaseConfig ?? null) === null
          ? NO_SEAL
          : { sealed: true, by: null, at, operation: 'install' },
      ...given,
    };
  }

  function append(release: HelmRelease): void {
    const key = releaseKey(release.namespace, release.name);
    records.set(key, [...(records.get(key) ?? []), release]);
  }

  function alter(target: ReleaseTarget, from: (record: HelmRelease) => boolean, change: Partial<HelmRelease>): void {
    records.set(
      keyOf(target),
      historyOf(target).map((record) => (from(record) ? { ...record, ...change } : record)),
    );
  }

  /** Writes a revision as pending, then as deployed, unless an interruption is due; older ones are superseded. */
  function deploy(
    target: ReleaseTarget & { sealing?: Sealing },
    pending: HelmStatus,
    made: Partial<HelmRelease>,
    maxHistory = 0,
  ): Promise<HelmRelease> {
    const revision = (historyOf(target).at(-1)?.revision ?? 0) + 1;
    const { namespace, name, identity, sealing } = target;
    const seal: SealState =
      readReleaseFacts(made.releaseConfig ?? null) === null
        ? NO_SEAL
        : {
            sealed: true,
            by: sealing?.by === undefined ? identity : sealing.by,
            at: sealing?.since ?? timestamp(clock),
            operation: sealing?.operation ?? pending.slice('pending-'.length),
          };
    const given = { seal, ...made, namespace, name, revision };
    const interruption = interruptions.shift();
    append(revisionOf({ ...given, status: pending, warnings: [] }));
    if (interruption !== undefined) return Promise.reject(interruption());
    alter(target, ({ status }) => status === 'deployed', { status: 'superseded' });
    const deployed = revisionOf({ ...given, status: 'deployed' });
    alter(target, (record) => record.revision === revision, { ...deployed, warnings: [] });
    if (maxHistory > 0) records.set(keyOf(target), historyOf(target).slice(-maxHistory));
    return Promise.resolve(deployed);
  }

  function existing(target: ReleaseTarget, wanted: number | undefined): HelmRelease {
    const found = historyOf(target).findLast(({ revision }) => wanted === undefined || revision === wanted);
    if (found === undefined) {
      throw problem('RELEASE_NOT_FOUND', `release ${target.name} does not exist in namespace ${target.namespace}`);
    }
    return found;
  }

  /** The newest revision of a release that is there and free to be changed. */
  function newestFree(
    target: ReleaseTarget,
    { expectedRevision }: Pick<NextRevision, 'expectedRevision'>,
  ): HelmRelease {
    const newest = historyOf(target).at(-1);
    if (newest === undefined || newest.status === 'uninstalled') {
      throw problem('RELEASE_NOT_FOUND', `release ${target.name} does not exist in namespace ${target.namespace}`);
    }
    if (newest.status.startsWith('pending-') || newest.status === 'uninstalling') {
      throw problem('RELEASE_LOCKED', `release ${target.name} is locked: it is ${newest.status}`);
    }
    if (expectedRevision !== undefined && expectedRevision !== newest.revision) {
      throw problem('REVISION_MISMATCH', `release ${target.name} is at revision ${newest.revision}`);
    }
    return newest;
  }

  return {
    write(namespace, name, revision, status, objects = []) {
      append(revisionOf({ namespace, name, revision, status, objects }));
    },
    record: (release) => append(revisionOf(release)),
    chart: charts.put,
    unserve: charts.unserve,
    interruptNext: (interruption) => void interruptions.push(interruption),
    releaseHistory: (target) => Promise.resolve(historyOf(target)),
    getRelease: (target, revision) =>
      Promise.resolve(
        historyOf(target).findLast((record) => revision === undefined || record.revision === revision) ?? null,
      ),
    getReleases: (wanted) =>
      Promise.resolve(
        wanted.map(
          (one) =>
            historyOf({ identity: null, ...one }).findLast(
              ({ revision }) => one.revision === undefined || revision === one.revision,
            ) ?? null,
        ),
      ),
    async packRecordedChart(target, revision) {
      const found = historyOf(target).findLast((one) => revision === undefined || one.revision === revision);
      refuseUnjudged(historyOf(target), target, found?.revision);
      return found === undefined ? null : packedChart(found);
    },
    async testRelease(request) {
      return running.test(existing(request, undefined), request, timestamp(clock));
    },
    async compareLive(request) {
      return running.compare(existing(request, request.revision));
    },
    drift: running.drift,
    failTest: running.failTest,
    async install(request) {
      const made = { ...(await charts.rendered(request)), ...factsOf(request, charts.get(request.chart)) };
      return deploy(request, 'pending-install', made);
    },
    async upgrade(request) {
      refuseUnjudged(historyOf(request), request, request.generatedFrom);
      const { firstDeployed } = newestFree(request, request);
      const made = {
        ...(await charts.rendered(request)),
        ...factsOf(request, charts.get(request.chart)),
        firstDeployed,
      };
      return deploy(request, 'pending-upgrade', made, request.maxHistory);
    },
    async rewriteRelease(request) {
      const newest = newestFree(request, request);
      const deployed = historyOf(request).findLast(({ status }) => status === 'deployed');
      const wanted = request.base ?? (deployed ?? newest).revision;
      refuseUnjudged(historyOf(request), request, wanted);
      const base = historyOf(request).find(({ revision }) => revision === wanted);
      if (base === undefined) {
        throw problem('RELEASE_NOT_FOUND', `release ${request.name} has no revision ${request.base}`);
      }
      const { config, computedValues, chartName, chartVersion, appVersion, notes, chartMetadata, schemas, metaFiles } =
        base;
      const kept = { config, computedValues, chartName, chartVersion, appVersion, notes, chartMetadata, schemas };
      const made = {
        ...kept,
        metaFiles,
        ...(await charts.rewritten(base, request.releaseConfig, request.transform)),
        ...(request.values && { config: request.values, computedValues: request.values }),
        ...(request.description !== undefined && { description: request.description }),
        labels: request.labels ?? newest.labels,
        firstDeployed: newest.firstDeployed,
      };
      return deploy(request, 'pending-rollback', made, request.maxHistory);
    },
    uninstall(request) {
      const { namespace, name } = request;
      const newest = historyOf(request).at(-1);
      if (newest === undefined) {
        return Promise.reject(problem('RELEASE_NOT_FOUND', `release ${name} is not found`));
      }
      records.delete(keyOf(request));
      return Promise.resolve({ namespace, name, revision: newest.revision, warnings: [] });
    },
    foretellRemoval(request) {
      const newest = historyOf(request).at(-1);
      if (newest === undefined) {
        return Promise.reject(problem('RELEASE_NOT_FOUND', `release ${request.name} is not found`));
      }
      const goal = historyOf(request).find(({ revision }) => revision === request.except)?.objects ?? [];
      const going = newest.objects.filter(
        (one) => !goal.some(({ kind, name }) => one.kind === kind && one.name === name),
      );
      return Promise.resolve({
        revision: newest.revision,
        objects: going.map(({ apiVersion, kind, namespace, name, object }) => ({
          object: { apiVersion, kind, namespace, name },
          ...(valueAt(object, 'metadata', 'annotations', 'helm.sh/resource-policy') === 'keep'
            ? { outcome: 'kept', reason: 'its resource policy says that it is kept' }
            : { outcome: 'deleted', reason: '' }),
        })),
        warnings: [],
      });
    },
    settle(target, revision, description) {
      if (historyOf(target).find((record) => record.revision === revision)?.status === 'deployed') {
        const isEarlier = (record: HelmRelease) => record.revision < revision && record.status === 'deployed';
        alter(target, isEarlier, { status: 'superseded' });
      } else {
        alter(target, (record) => record.revision === revision, { status: 'failed', description });
      }
      return Promise.resolve();
    },
    removeFailedInstall(target) {
      if (historyOf(target).some(({ status }) => status !== 'failed')) {
        return Promise.reject(problem('RELEASE_EXISTS', 'the release was deployed'));
      }
      records.delete(keyOf(target));
      return Promise.resolve({
        removed: [],
        kept: [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: target.namespace, name: 'data' }],
      });
    },
  };
}

/** The digest follows from chart and version; a chart that declares dependencies is refused as the engine does. */
function packedChart({ chartName: name, chartVersion: version, chartMetadata, ...release }: HelmRelease): StoredChart {
  const { dependencies } = chartMetadata;
  if (Array.isArray(dependencies) && dependencies.length > 0) {
    throw problem('CHART_NOT_RECORDED', `Helm's record of release ${release.name} does not hold its subcharts`);
  }
  return { digest: createHash('sha256').update(`${name}-${version}`).digest('hex'), bytes: 1, name, version };
}

/** What a record takes over from the request and its chart. */
function factsOf(
  { values, labels, description }: { values: JsonObject; labels?: Record<string, string>; description?: string },
  { name, version }: MemoryChart,
): Partial<HelmRelease> {
  return {
    config: values,
    computedValues: values,
    chartName: name,
    chartVersion: version,
    labels: labels ?? {},
    ...(description !== undefined && { description }),
  };
}
