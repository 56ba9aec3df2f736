import type { DependencyStatus } from '../../../contract/dependency.ts';
import { dependencyEntries, dependencyStatus } from '../../domain/dependency-status.ts';
import type { ReleaseKey } from '../../domain/release-key.ts';
import type { ReleaseRecord } from '../../domain/release-record.ts';
import type { Provider } from './read-provider.ts';

export type DescribeDependenciesDeps = {
  readProvider: (key: ReleaseKey) => Promise<Provider | null>;
  /** Why a release has not been brought up to date. */
  trouble: (key: ReleaseKey) => string | undefined;
};

/** Tells of every dependency of a release whether it has what the other publishes now, and if not why. */
export function createDescribeDependencies(deps: DescribeDependenciesDeps) {
  return (record: ReleaseRecord): Promise<DependencyStatus[]> =>
    Promise.all(
      dependencyEntries(record).map(async (entry) => {
        const provider = await deps.readProvider(entry.provider);
        const status = dependencyStatus(entry, provider?.digests ?? null, record.updated);
        const error = status.state === 'Outdated' ? deps.trouble(record.key) : undefined;
        return { ...status, ...(error !== undefined && { error }) };
      }),
    );
}
