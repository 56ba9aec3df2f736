import type { ReleaseStatusChange } from '../../../contract/schemas/event.ts';
import type { DescribedRelease } from './release-info.ts';
import type { JsonObject } from '../json/json.ts';
import { isSameJson } from '../json/sorted-json.ts';
import { parseReleaseKey, releaseKey, type ReleaseKey } from '../names/release-key.ts';

/** The short status of a release, used by lists, events and reconcilers. */
export type ReleaseStatus = ReleaseStatusChange & { key: ReleaseKey };

/** The status of an answer about a release; `sequence` and `time` (RFC 3339) are those of the change. */
export function toReleaseStatus(info: DescribedRelease, change: { sequence: number; time: string }): ReleaseStatus {
  const { namespace, name, version, phase, ready, reason, message, lastFailure } = info;
  const status = { namespace, name, revision: version, phase, ready, reason, message };
  return { key: releaseKey(namespace, name), ...status, ...(lastFailure && { lastFailure }), ...change };
}

/** The status of a deleted release. */
export function deletedStatus(key: ReleaseKey, change: { sequence: number; time: string }): ReleaseStatus {
  const status = { revision: 0, phase: 'deleted', ready: false, reason: '', message: '' } as const;
  return { key, ...parseReleaseKey(key), ...status, ...change };
}

/** Whether two statuses are equal, ignoring their times. */
export function isSameStatus(a: ReleaseStatus | undefined, b: ReleaseStatus | undefined): boolean {
  return (
    a?.revision === b?.revision &&
    a?.phase === b?.phase &&
    a?.ready === b?.ready &&
    a?.reason === b?.reason &&
    a?.message === b?.message &&
    isSameJson(a?.lastFailure ?? null, b?.lastFailure ?? null)
  );
}

/**
 * `data` of the original Walm's event `CreateOrUpdate`: the ReleaseConfig. Null while nothing is installed. Secret
 * values are `***`, as in every answer.
 */
export function releaseConfigData(info: DescribedRelease): JsonObject | null {
  if (info.version === 0) {
    return null;
  }
  const labels = info.releaseLabels ?? {};
  return {
    name: info.name,
    namespace: info.namespace,
    kind: 'ReleaseConfig',
    state: { status: 'Ready', reason: '', message: '' },
    labels: Object.keys(labels).length === 0 ? null : { ...labels },
    configValues: info.configValues ?? {},
    dependenciesConfigValues: info.dependenciesConfigValues ?? {},
    dependencies: { ...info.dependencies },
    chartName: info.chartName,
    chartVersion: info.chartVersion,
    chartAppVersion: info.chartAppVersion,
    outputConfig: info.outputConfigValues ?? {},
    repo: info.repoName,
    chartImage: info.chartImage,
  };
}

/** `data` of the original Walm's event `Delete`: the name, and everything else empty. */
export function deletedConfigData(namespace: string, name: string): JsonObject {
  return {
    name,
    namespace,
    kind: '',
    state: { status: '', reason: '', message: '' },
    labels: null,
    configValues: null,
    dependenciesConfigValues: null,
    dependencies: null,
    chartName: '',
    chartVersion: '',
    chartAppVersion: '',
    outputConfig: null,
    repo: '',
    chartImage: '',
  };
}
