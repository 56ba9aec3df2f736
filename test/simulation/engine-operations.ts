import { problemOf } from '../../server/adapters/kube/client/problem-of.ts';
import type { MemoryCharts } from '../../server/adapters/memory/helm-charts.ts';
import { refuseExchanged, refuseUnjudged, withJudgement } from '../../server/adapters/memory/helm-judged.ts';
import { keptOf, warningsOfKept } from '../../server/adapters/memory/helm-kept.ts';
import { problem, ProblemError } from '../../server/domain/errors/problem-error.ts';
import { releaseNotFound } from '../../server/domain/errors/release-problems.ts';
import { appliedRevision } from '../../server/domain/revisions/applied-revision.ts';
import { type Clock, timestamp } from '../../server/ports/runtime/clock.ts';
import type { ReleaseTarget } from '../../server/ports/helm/engine-call.ts';
import type {
  InstallRequest,
  NextRevision,
  RemovedInstall,
  RewriteRequest,
  RewriteSealing,
  UninstalledRelease,
  UninstallRequest,
  UpgradeRequest,
} from '../../server/ports/helm/helm-changes.ts';
import type { HelmRelease, ManifestDocument } from '../../server/ports/helm/helm-release.ts';
import { pathOfObject } from './api-naming.ts';
import { createReads } from './engine-reads.ts';
import {
  described,
  factsOf,
  isKept,
  isUnsure,
  keyOf,
  marked,
  newRevision,
  refuseLocked,
  removable,
  refuseTaken,
} from './engine-revisions.ts';
import { createRecordSecrets, type RecordSecrets, type Requests } from './record-secrets.ts';
import {
  deployedRevision,
  isNameFree,
  presentRevision,
  stateAfterRemoval,
} from '../../server/domain/revisions/history.ts';
import { isDeployed, isPending, isUninstalled } from '../../server/domain/revisions/helm-status.ts';

/** One operation on one release: it sends everything through `requests`, and ends if one fails. */
export interface OperationDeps {
  target: ReleaseTarget;
  requests: Requests;
  /** For the clean-up after the operation has failed or was cancelled. */
  afterwards: Requests;
  isCancelled: () => boolean;
  clock: Clock;
  charts: MemoryCharts;
}

/** Helm's operations request by request, in the engine's order. */
export function createOperation(deps: OperationDeps) {
  const { target, requests, clock, charts } = deps;
  const { namespace, name } = target;
  const records = createRecordSecrets(target, requests);
  const afterwards = records.by(deps.afterwards);
  let written: HelmRelease | undefined;

  async function create(release: HelmRelease): Promise<void> {
    await records.create(release);
    written = release;
  }

  async function update(release: HelmRelease, by: RecordSecrets = records): Promise<void> {
    await by.update(release);
    if (written === undefined || release.revision >= written.revision) written = release;
  }

  const notFound = () => releaseNotFound(namespace, name);
  const noRevision = (revision: number) =>
    problem('RELEASE_NOT_FOUND', `release ${name} has no revision ${revision}`, { revision });

  function refuseUsed(history: readonly HelmRelease[]): void {
    const newest = presentRevision(history);
    if (newest === undefined) return;
    refuseLocked(newest);
    if (!isNameFree(history)) {
      const { revision, status } = newest;
      throw problem('RELEASE_EXISTS', `release ${name} already exists in namespace ${namespace}`, { revision, status });
    }
  }

  async function changeable({
    expectedRevision,
  }: NextRevision): Promise<{ history: HelmRelease[]; newest: HelmRelease }> {
    const history = await records.history();
    const newest = history.at(-1);
    if (newest === undefined || newest.status === 'uninstalled') throw notFound();
    refuseLocked(newest);
    if (expectedRevision !== undefined && expectedRevision !== newest.revision) {
      const { revision } = newest;
      const said = `release ${name} is at revision ${revision}, not ${expectedRevision}`;
      throw problem('REVISION_MISMATCH', said, { revision, expected: expectedRevision });
    }
    return { history, newest };
  }

  const sealed = ({ sealing }: { sealing?: RewriteSealing }) => ({ sealing, at: timestamp(clock) });
  const pathOf = (document: ManifestDocument) => pathOfObject({ ...document, namespace });

  async function apply(document: ManifestDocument, by = requests): Promise<void> {
    const path = pathOf(document);
    await by.write(`apply ${document.kind} ${document.name}`, (api) => {
      const live = api
        .list(path.slice(0, path.lastIndexOf('/')))
        .items.find((one) => one.metadata.name === document.name);
      refuseTaken(document, live, { namespace, name });
      return api.apply(path, marked(document, { namespace, name }, live?.metadata.annotations ?? {}));
    });
  }

  async function removeObject(document: ManifestDocument): Promise<void> {
    const path = pathOf(document);
    await requests.write(`delete ${document.kind} ${document.name}`, (api) => {
      const live = api
        .list(path.slice(0, path.lastIndexOf('/')))
        .items.find((one) => one.metadata.name === document.name);
      const isOwn = live?.metadata.annotations?.['meta.helm.sh/release-name'] === name;
      if (isOwn && !isKept(live)) api.remove(path);
    });
  }

  /** Prunes old records before a new one is written, never the applied one, nor the one that the change is made from. */
  async function prune(history: readonly HelmRelease[], maxHistory: number, base?: number): Promise<void> {
    if (maxHistory <= 0) return;
    const over = history.length - maxHistory + 1;
    const applied = appliedRevision(history);
    const old = history
      .filter(({ status, revision }) => status !== 'deployed' && ![applied?.revision, base].includes(revision))
      .slice(0, Math.max(0, over));
    for (const revision of old) await records.remove(revision);
  }

  /** The answer if the result could not be recorded, like engine/action/settle.go. */
  function unsettled(error: unknown): ProblemError | undefined {
    if (!isUnsure(error) || deps.isCancelled()) return undefined;
    return problem('CLUSTER_UNREACHABLE', `what became of release ${name} could not be recorded`);
  }

  /** What is noted beside the record of a failed revision, like `recordable` in engine/action/problem_of.go. */
  function notedFailure(failure: unknown): Pick<HelmRelease, 'failure'> {
    const found = problemOf(failure, { kind: 'Release', namespace, name });
    if (!(found instanceof ProblemError) || isUnsure(found)) return {};
    const { code, message, details } = found;
    return { failure: { code, message, details: { ...details } } };
  }

  /** Marks the revision of a failed operation, like `settle` in engine/action/settle.go. */
  async function conclude(failure: unknown): Promise<never> {
    const found = problemOf(failure, { kind: 'Release', namespace, name });
    const isAway = isUnsure(found);
    const left = written;
    const isBlamed = left?.status === 'failed' && !left.description.startsWith('interrupted: ');
    if (left !== undefined && (isPending(left.status) || (isAway && isBlamed))) {
      const said = found instanceof Error ? found.message : String(found);
      const description = deps.isCancelled() ? 'cancelled' : isAway ? `interrupted: ${said}` : said;
      const noted = deps.isCancelled() ? {} : notedFailure(failure);
      await update({ ...left, status: 'failed', description, ...noted }, afterwards).catch((error: unknown) => {
        throw unsettled(error) ?? found;
      });
    }
    throw found;
  }

  /** Applies a revision, and removes what it no longer contains of the compared one and of `history`. */
  async function applyAll(
    made: HelmRelease,
    compared?: HelmRelease,
    history: readonly HelmRelease[] = [],
  ): Promise<void> {
    for (const document of made.objects) await apply(document);
    const kept = new Set(made.objects.map(keyOf));
    for (const document of removable(compared, history)) {
      if (!kept.has(keyOf(document))) await removeObject(document);
    }
  }

  /** Reverts objects that a refused change has already changed to the applied revision. */
  async function takeBack(failure: unknown, attempted: HelmRelease, applied: HelmRelease | undefined): Promise<void> {
    const found = problemOf(failure, { kind: 'Release', namespace, name });
    if (!(found instanceof ProblemError) || found.code !== 'ADMISSION_REFUSED') return;
    for (const document of applied?.objects ?? []) {
      const other = attempted.objects.find((one) => keyOf(one) === keyOf(document));
      if (other !== undefined && JSON.stringify(other.object) !== JSON.stringify(document.object)) {
        await apply(document, deps.afterwards);
      }
    }
  }

  async function supersede(formers: readonly HelmRelease[]): Promise<void> {
    for (const former of formers) await update({ ...former, status: 'superseded' });
  }

  async function outcome(deployed: HelmRelease): Promise<HelmRelease> {
    return withJudgement(deployed);
  }

  /** Applies the pending revision; marks it as failed if the cluster refuses it. */
  async function carryOut(
    verb: string,
    pending: HelmRelease,
    applied?: HelmRelease,
    history: readonly HelmRelease[] = [],
  ): Promise<void> {
    try {
      await applyAll(pending, applied, history);
    } catch (failure) {
      const said = failure instanceof Error ? failure.message : String(failure);
      const cutOff = isUnsure(failure) ? 'interrupted: ' : '';
      const description = `${cutOff}${verb} "${name}" failed: ${said}`;
      await update({ ...pending, status: 'failed', description, ...notedFailure(failure) }).catch(() => undefined);
      await takeBack(failure, pending, applied).catch(() => undefined);
      throw failure;
    }
  }

  return {
    async install(request: InstallRequest): Promise<HelmRelease> {
      try {
        const history = await records.history();
        refuseUsed(history);
        await requests.read(`namespace ${namespace}`, (api) => api.get(`/api/v1/namespaces/${namespace}`));
        const content = { ...(await charts.rendered(request)), ...factsOf(request, charts) };
        const made = { description: 'Install complete', ...content, status: 'pending-install' as const };
        const pending = newRevision(target, history, made, sealed(request));
        await create(pending);
        await carryOut('Release', pending);
        const deployed: HelmRelease = { ...pending, status: 'deployed', ...described(request.description) };
        await update(deployed);
        await supersede(history.slice(-1).filter(({ status }) => isUninstalled(status)));
        return await outcome(deployed);
      } catch (error) {
        return conclude(error);
      }
    },

    async upgrade(request: UpgradeRequest): Promise<HelmRelease> {
      try {
        const { history, newest } = await changeable(request);
        refuseUnjudged(history.map(withJudgement), request, request.generatedFrom);
        const content = { ...(await charts.rendered(request)), ...factsOf(request, charts) };
        const compared = deployedRevision(history) ?? newest;
        const { firstDeployed } = compared;
        const labels = request.labels ?? newest.labels;
        const said = { description: 'Upgrade complete', firstDeployed };
        const made = { ...said, ...content, labels, status: 'pending-upgrade' as const };
        const pending = newRevision(target, history, made, sealed(request));
        await prune(history, request.maxHistory, request.generatedFrom);
        await create(pending);
        await carryOut('Upgrade', pending, compared, history);
        // Helm ignores a failure here: the next observer supersedes the rest.
        await supersede([compared]).catch((error: unknown) => {
          if (isUnsure(error)) throw error;
        });
        const deployed: HelmRelease = { ...pending, status: 'deployed', ...described(request.description) };
        await update(deployed);
        return await outcome(deployed);
      } catch (error) {
        return conclude(error);
      }
    },

    async rewrite(request: RewriteRequest): Promise<HelmRelease> {
      try {
        const { history, newest } = await changeable(request);
        const applied = appliedRevision(history) ?? newest;
        const wanted = request.base ?? applied.revision;
        refuseUnjudged(history.map(withJudgement), request, wanted);
        const base = history.find(({ revision }) => revision === wanted);
        if (base === undefined) throw noRevision(wanted);
        refuseExchanged(base, request.sealing);
        const {
          revision: _,
          status: _status,
          description: _description,
          updated: _updated,
          seal: _seal,
          ...kept
        } = base;
        const content = await charts.rewritten(base, request.releaseConfig, request.transform);
        const pending = newRevision(
          target,
          history,
          {
            ...kept,
            ...content,
            ...(request.values && { config: request.values, computedValues: request.values }),
            description: `Rollback to ${wanted}`,
            labels: request.labels ?? applied.labels,
            firstDeployed: newest.firstDeployed,
            status: 'pending-rollback',
          },
          sealed(request),
        );
        await prune(history, request.maxHistory, wanted);
        await create(pending);
        await carryOut('Rollback', pending, applied, history);
        const deployed: HelmRelease = { ...pending, status: 'deployed', ...described(request.description) };
        await update(deployed);
        await supersede(history.filter(({ status }) => isDeployed(status)));
        return await outcome(deployed);
      } catch (error) {
        return conclude(error);
      }
    },

    async uninstall(request: UninstallRequest): Promise<UninstalledRelease> {
      const history = await records.history();
      const newest = history.at(-1);
      if (newest === undefined) throw notFound();
      try {
        await update({ ...newest, status: 'uninstalling' });
        for (const document of removable(newest, history)) await removeObject(document);
        if (request.keepHistory === true) await update({ ...newest, status: 'uninstalled' });
        else for (const revision of history) await records.remove(revision);
        return { namespace, name, revision: newest.revision, warnings: warningsOfKept(newest) };
      } catch (failure) {
        const before = newest.status === 'uninstalling' ? stateAfterRemoval(history) : newest.status;
        await afterwards
          .history()
          .then((now) => {
            const left = now.find(({ revision }) => revision === newest.revision);
            return left?.status === 'uninstalling' ? afterwards.update({ ...left, status: before }) : undefined;
          })
          .catch((error: unknown) => {
            throw unsettled(error) ?? problemOf(failure, { kind: 'Release', namespace, name });
          });
        throw problemOf(failure, { kind: 'Release', namespace, name });
      }
    },

    async settle(revision: number, description: string): Promise<void> {
      const history = await records.history();
      const found = history.find((one) => one.revision === revision);
      if (found === undefined) throw noRevision(revision);
      if (isDeployed(found.status)) {
        await supersede(history.filter((one) => one.revision < revision && isDeployed(one.status)));
      } else if (isPending(found.status)) {
        await update({ ...found, status: 'failed', description });
      } else if (found.status === 'uninstalling') {
        await update({
          ...found,
          status: stateAfterRemoval(history),
          description: `a delete was given up: ${description}`,
        });
      }
    },

    async removeFailedInstall(): Promise<RemovedInstall> {
      const history = await records.history();
      if (history.length === 0) throw notFound();
      refuseUsed(history);
      const failed = history.filter(({ status }) => status === 'failed');
      for (const revision of history.toReversed()) {
        if (revision.status !== 'failed') break;
        for (const document of revision.objects.toReversed()) await removeObject(document);
        await records.remove(revision);
      }
      return keptOf(failed);
    },

    history: () => records.history(),
    ...createReads({ target, requests, history: records.history, clock }),
  };
}
