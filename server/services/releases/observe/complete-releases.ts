import type { DependencyState } from '../../../../contract/schemas/dependency.ts';
import type { ReleaseInfo } from '../../../../contract/schemas/release.ts';
import type { DescribedRelease } from '../../../domain/answers/release-info.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import type { ReadPoint } from './read-point.ts';

/**
 * The worst state of the dependencies of each record that has any, soon: a state that takes longer to find out is
 * `Unknown`.
 */
export type WorstDependencies = (
  records: readonly ReleaseRecord[],
) => Promise<ReadonlyMap<ReleaseKey, DependencyState>>;

/** A described release, and its record if it has one. */
export type DescribedEntry = { info: DescribedRelease; record: ReleaseRecord | undefined };

/** The newer version of a release's chart that is known; null: none. */
export type NewerVersionOf = (record: ReleaseRecord) => ReleaseInfo['newerVersion'];

/** Adds to described releases where they stand in the events, the state of their dependencies, and newer charts. */
export type CompleteReleases = (point: ReadPoint, entries: readonly DescribedEntry[]) => Promise<ReleaseInfo[]>;

export function createCompleteReleases(deps: {
  worstDependencies: WorstDependencies;
  newerVersion: NewerVersionOf;
}): CompleteReleases {
  return async function completeReleases(point, entries) {
    const dependents = entries.flatMap(({ info, record }) =>
      record !== undefined && Object.keys(info.dependencies ?? {}).length > 0 ? [record] : [],
    );
    const states = dependents.length === 0 ? undefined : await deps.worstDependencies(dependents);
    return entries.map(({ info, record }) => ({
      ...info,
      sequence: point.sequenceOf(info),
      dependency: (record && states?.get(record.key)) ?? null,
      newerVersion: record === undefined ? null : deps.newerVersion(record),
    }));
  };
}
