import { createHash } from 'node:crypto';
import type { JsonObject } from '../../domain/json/json.ts';
import { problem, type ProblemError } from '../../domain/errors/problem-error.ts';
import { releaseNotFound } from '../../domain/errors/release-problems.ts';
import type { ManifestDocument } from '../../domain/kube/manifest-document.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import { appliedRevision } from '../../domain/revisions/applied-revision.ts';
import { NO_SEAL, type SealState } from '../../domain/seals/seal-state.ts';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';
import type { ReleaseTarget } from '../../ports/helm/engine-call.ts';
import type { RewriteSealing } from '../../ports/helm/helm-changes.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { StoredChart } from '../../ports/helm/helm-chart.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { createMemoryHistory } from './helm-history.ts';
import { refuseExchanged, refuseUnjudged } from './helm-judged.ts';
import { createMemoryLive } from './helm-live.ts';
import { asAdded, createMemoryCharts, type MadeDocuments, type MemoryChart } from './helm-charts.ts';
import { fatesOf, keptOf, warningsOfKept } from './helm-kept.ts';
import { deployedRevision, stateAfterRemoval, walkBack } from '../../domain/revisions/history.ts';
import {
  type HelmStatus,
  isDeployed,
  isFailed,
  isInProgress,
  isUninstalled,
  isUninstalling,
} from '../../domain/revisions/helm-status.ts';

/** Helm's descriptions of a revision in progress, of a finished one, and the prefix of a failed one. */
const WORDS = {
  install: { pending: 'pending-install', complete: 'Install complete', failed: 'Release' },
  upgrade: { pending: 'pending-upgrade', complete: 'Upgrade complete', failed: 'Upgrade' },
  rewrite: { pending: 'pending-rollback', complete: '', failed: 'Rollback' },
} as const;

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
  /** Writes a revision like another Helm client. */
  write(namespace: string, name: string, revision: number, status: HelmStatus, objects?: HelmRelease['objects']): void;
  /** Writes a revision with all given fields. */
  record(release: Partial<HelmRelease> & Pick<HelmRelease, 'namespace' | 'name' | 'revision'>): void;
  /** What installs and upgrades by this digest render. */
  chart(digest: string, chart: MemoryChart): void;
  /** From now on the cluster does not serve this kind in this version. */
  unserve(apiVersion: string, kind: string): void;
  /** From now on this is the live state of an object that is recorded as `kind/name`; null: the object is missing. */
  drift(kind: string, name: string, live: JsonObject | null): void;
  /** From now on this test hook fails. */
  failTest(name: string, message: string): void;
  /**
   * What the next install, upgrade or rewrite fails with: the revision stays pending if the engine stopped, is not
   * recorded if it lost a race (REVISION_MISMATCH), and is recorded as failed otherwise. An uninstall that fails with it
   * changes nothing.
   */
  interruptNext(interruption: () => ProblemError): void;
  /** From now on the cluster refuses objects for which this returns a problem. */
  refuse(judge: (document: ManifestDocument) => ProblemError | undefined): void;
  /** Leaves a revision in a state, like an operation that was killed half-way. */
  leave(target: ReleaseTarget, revision: number, status: HelmStatus): void;
};

/** Helm without a cluster: records are stored and returned like Helm does, objects are not created. */
export function createMemoryHelm(clock: Clock): MemoryHelm {
  const history = createMemoryHistory(clock);
  const interruptions: (() => ProblemError)[] = [];
  const judges: ((document: ManifestDocument) => ProblemError | undefined)[] = [];
  const charts = createMemoryCharts();
  const running = createMemoryLive();

  function sealOf({ identity, sealing }: Attempt, verb: string, releaseConfig: JsonObject | null): SealState {
    return readReleaseFacts(releaseConfig) === null
      ? NO_SEAL
      : {
          sealed: true,
          by: sealing?.keeps === undefined ? identity : sealing.keeps.by,
          at: sealing?.since ?? timestamp(clock),
          operation: sealing?.operation ?? verb,
        };
  }

  function refusalOf({ objects }: Pick<MadeDocuments, 'objects'>): ProblemError | undefined {
    return objects.flatMap((document) => judges.map((judge) => judge(document))).find((one) => one !== undefined);
  }

  /** Writes a revision as pending, then with its result. Other revisions are superseded if `supersedes` names them. `base` is never pruned. */
  async function deploy(
    target: Attempt,
    verb: keyof typeof WORDS,
    made: MadeDocuments & Partial<HelmRelease>,
    supersedes: (record: HelmRelease) => boolean,
    base?: number,
  ): Promise<HelmRelease> {
    const { pending, complete, failed } = WORDS[verb];
    const { namespace, name } = target;
    const interruption = interruptions.shift()?.();
    if (interruption?.code === 'REVISION_MISMATCH') throw interruption;
    const revision = (history.find(target)?.revision ?? 0) + 1;
    const seal = sealOf(target, pending.slice('pending-'.length), made.releaseConfig);
    const given = { seal, description: complete, ...made, namespace, name, revision };
    history.makeRoom(target, target.maxHistory ?? 0, base);
    history.append(history.revisionOf({ ...given, status: pending, warnings: [] }));
    if (interruption?.code === 'ENGINE_STOPPED') throw interruption;
    const isOwn = (record: HelmRelease) => record.revision === revision;
    const failure = interruption ?? refusalOf(made);
    if (failure !== undefined) {
      const description = `${failed} "${name}" failed: ${failure.message}`;
      const { code, message, details } = failure;
      history.alter(target, isOwn, { status: 'failed', description, failure: { code, message, details } });
      throw failure;
    }
    history.alter(target, supersedes, { status: 'superseded' });
    const deployed = history.revisionOf({ ...given, status: 'deployed' });
    history.alter(target, isOwn, { ...deployed, warnings: [] });
    return { ...deployed, ...(history.find(target, revision) ?? deployed), warnings: deployed.warnings };
  }

  return {
    write(namespace, name, revision, status, objects = []) {
      history.append(history.revisionOf({ namespace, name, revision, status, objects }));
    },
    record: (release) => history.append(history.revisionOf(release)),
    leave: (target, wanted, status) => history.alter(target, ({ revision }) => revision === wanted, { status }),
    chart: charts.put,
    unserve: charts.unserve,
    refuse: (judge) => void judges.push(judge),
    interruptNext: (interruption) => void interruptions.push(interruption),
    drift: running.drift,
    failTest: running.failTest,
    releaseHistory: (target) => Promise.resolve(history.of(target)),
    getRelease: (target, revision) => Promise.resolve(history.find(target, revision) ?? null),
    getReleases: (wanted) => Promise.resolve(wanted.map((one) => history.find(one, one.revision) ?? null)),
    async packRecordedChart(target, revision) {
      const found = history.find(target, revision);
      refuseUnjudged(history.of(target), target, found?.revision);
      return found === undefined ? null : packedChart(found);
    },
    async testRelease(request) {
      const newest = history.existing(request);
      history.refuseLocked(newest);
      return running.test(newest, request, timestamp(clock));
    },
    async compareLive(request) {
      return running.compare(history.existing(request, request.revision));
    },
    async install(request) {
      history.refuseUsed(request);
      const made = { ...(await charts.rendered(request)), ...factsOf(request, charts.get(request.chart)) };
      const newest = history.find(request);
      const takesOver = newest !== undefined && isUninstalled(newest.status);
      return deploy(request, 'install', made, ({ revision }) => takesOver && revision === newest.revision);
    },
    async upgrade(request) {
      refuseUnjudged(history.of(request), request, request.generatedFrom);
      const newest = history.newestFree(request, request);
      const compared = deployedRevision(history.of(request)) ?? newest;
      const made = {
        ...(await charts.rendered(request)),
        ...factsOf(request, charts.get(request.chart)),
        labels: request.labels ?? newest.labels,
        firstDeployed: compared.firstDeployed,
      };
      return deploy(request, 'upgrade', made, ({ revision }) => revision === compared.revision, request.generatedFrom);
    },
    async rewriteRelease(request) {
      const newest = history.newestFree(request, request);
      const applied = appliedRevision(history.of(request)) ?? newest;
      const wanted = request.base ?? applied.revision;
      refuseUnjudged(history.of(request), request, wanted);
      const base = history.existing(request, wanted);
      refuseExchanged(base, request.sealing);
      const { config, computedValues, chartName, chartVersion, appVersion, notes, chartMetadata, schemas, metaFiles } =
        base;
      const kept = { config, computedValues, chartName, chartVersion, appVersion, notes, chartMetadata, schemas };
      const made = {
        ...kept,
        metaFiles,
        ...(await charts.rewritten(base, request.releaseConfig, request.transform)),
        ...(request.values && { config: request.values, computedValues: request.values }),
        description: request.description ?? `Rollback to ${wanted}`,
        labels: request.labels ?? applied.labels,
        firstDeployed: newest.firstDeployed,
      };
      return deploy(request, 'rewrite', made, ({ status }) => isDeployed(status), wanted);
    },
    async uninstall({ keepHistory, ...request }) {
      const { namespace, name } = request;
      const newest = history.existing(request);
      refuseUnjudged(history.of(request), request);
      const interruption = interruptions.shift()?.();
      if (interruption !== undefined) throw interruption;
      if (!keepHistory) {
        history.keepOnly(request, () => false);
      } else if (isUninstalled(newest.status)) {
        throw releaseNotFound(namespace, name);
      } else {
        const description = 'Uninstallation complete';
        history.alter(request, ({ revision }) => revision === newest.revision, { status: 'uninstalled', description });
      }
      return { namespace, name, revision: newest.revision, warnings: warningsOfKept(newest) };
    },
    async foretellRemoval(request) {
      const newest = history.existing(request);
      const goal = history.of(request).find(({ revision }) => revision === request.except);
      const applied = asAdded([...(request.applied ?? [])], request.namespace);
      const isReplaced = (one: ManifestDocument) =>
        request.rendered === true || applied.some(({ kind, name }) => kind === one.kind && name === one.name);
      const left = goal?.objects.filter((one) => !isReplaced(one)) ?? [];
      const stays = goal && { ...goal, objects: [...left, ...applied] };
      const refused = request.rendered === true ? undefined : refusalOf({ objects: [...applied, ...left] });
      return {
        revision: newest.revision,
        objects: request.keepsAll ? [] : fatesOf(newest, stays),
        warnings: [],
        ...(refused && { refused }),
      };
    },
    async settle({ revision, description, ...target }) {
      const { status } = history.existing(target, revision);
      const isIt = (record: HelmRelease) => record.revision === revision;
      if (isDeployed(status)) {
        const isEarlier = (record: HelmRelease) => record.revision < revision && isDeployed(record.status);
        history.alter(target, isEarlier, { status: 'superseded' });
      } else if (isUninstalling(status)) {
        const given = { description: `a delete was given up: ${description}` };
        history.alter(target, isIt, { status: stateAfterRemoval(history.of(target)), ...given });
      } else if (isInProgress(status)) {
        history.alter(target, isIt, { status: 'failed', description });
      }
    },
    async removeFailedInstall(target) {
      history.existing(target);
      history.refuseUsed(target);
      const failed = walkBack(history.of(target), { end: ({ status }) => !isFailed(status) });
      history.keepOnly(target, ({ revision }) => !failed.some((one) => one.revision === revision));
      return keptOf(failed);
    },
  };
}

type Attempt = ReleaseTarget & { sealing?: RewriteSealing; maxHistory?: number };

/** The digest follows from chart and version; a chart with dependencies is refused, like in the engine. */
function packedChart({ chartName: name, chartVersion: version, chartMetadata, ...release }: HelmRelease): StoredChart {
  const { dependencies } = chartMetadata;
  if (Array.isArray(dependencies) && dependencies.length > 0) {
    throw problem('CHART_NOT_RECORDED', `Helm's record of release ${release.name} does not hold its subcharts`);
  }
  return { digest: createHash('sha256').update(`${name}-${version}`).digest('hex'), bytes: 1, name, version };
}

/** What a record takes from the request and its chart. */
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
