import type { JsonObject } from '../../domain/json.ts';
import { problem } from '../../domain/problem-error.ts';
import { releaseKey } from '../../domain/release-key.ts';
import { type Clock, timestamp } from '../../ports/clock.ts';
import type { HelmEngine, InstallRequest, ReleaseTarget } from '../../ports/helm-engine.ts';
import type { HelmRelease, HelmStatus } from '../../ports/helm-release.ts';

/** The part of Helm that changes releases, with its records in memory. */
export type MemoryHelm = Pick<
  HelmEngine,
  'getRelease' | 'install' | 'markFailed' | 'releaseHistory' | 'removeFailedInstall' | 'uninstall'
> & {
  /** Writes a revision as somebody else's Helm would. */
  write(namespace: string, name: string, revision: number, status: HelmStatus, objects?: HelmRelease['objects']): void;
  /** What the next install does after its record is written as pending, instead of deploying. */
  interruptInstall(interruption: () => Error): void;
};

/** Helm without a cluster: records are kept and answered as Helm does, objects are not made. */
export function createMemoryHelm(clock: Clock): MemoryHelm {
  const records = new Map<string, HelmRelease[]>();
  const interruptions: (() => Error)[] = [];
  const keyOf = ({ namespace, name }: ReleaseTarget) => releaseKey(namespace, name);
  const historyOf = (target: ReleaseTarget) => records.get(keyOf(target)) ?? [];

  function revisionOf(
    target: { namespace: string; name: string },
    revision: number,
    status: HelmStatus,
    facts: { releaseConfig?: JsonObject; values?: JsonObject; objects?: HelmRelease['objects'] } = {},
  ): HelmRelease {
    const at = timestamp(clock);
    return {
      name: target.name,
      namespace: target.namespace,
      revision,
      status,
      updated: at,
      firstDeployed: at,
      chartName: 'chart',
      chartVersion: '1.0.0',
      appVersion: '1',
      description: `${status} it is`,
      labels: {},
      config: facts.values ?? {},
      computedValues: facts.values ?? {},
      manifest: '',
      hooks: [],
      notes: '',
      chartMetadata: {},
      objects: facts.objects ?? [],
      releaseConfig: facts.releaseConfig ?? null,
      schemas: [],
      metaFiles: {},
    };
  }

  function settle(target: ReleaseTarget, revision: number, status: HelmStatus): void {
    records.set(
      keyOf(target),
      historyOf(target).map((record) => (record.revision === revision ? { ...record, status } : record)),
    );
  }

  return {
    write(namespace, name, revision, status, objects = []) {
      const key = releaseKey(namespace, name);
      records.set(key, [...(records.get(key) ?? []), revisionOf({ namespace, name }, revision, status, { objects })]);
    },
    interruptInstall: (interruption) => void interruptions.push(interruption),
    releaseHistory: (target) => Promise.resolve(historyOf(target)),
    getRelease: (target, revision) =>
      Promise.resolve(
        historyOf(target).findLast((record) => revision === undefined || record.revision === revision) ?? null,
      ),
    install(request: InstallRequest) {
      const revision = (historyOf(request).at(-1)?.revision ?? 0) + 1;
      records.set(keyOf(request), [...historyOf(request), revisionOf(request, revision, 'pending-install', request)]);
      const interruption = interruptions.shift();
      if (interruption !== undefined) {
        return Promise.reject(interruption());
      }
      settle(request, revision, 'deployed');
      return Promise.resolve(revisionOf(request, revision, 'deployed', request));
    },
    uninstall(request) {
      const { namespace, name } = request;
      const newest = historyOf(request).at(-1);
      if (newest === undefined) {
        return Promise.reject(problem('RELEASE_NOT_FOUND', `release ${name} is not found`));
      }
      records.delete(keyOf(request));
      return Promise.resolve({ namespace, name, revision: newest.revision, kept: [] });
    },
    markFailed(target, revision) {
      settle(target, revision, 'failed');
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
