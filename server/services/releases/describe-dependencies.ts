import type { DependencyStatus } from '../../../contract/dependency.ts';
import { dependencyEntries, dependencyStatus } from '../../domain/dependency-status.ts';
import type { ReleaseKey } from '../../domain/release-key.ts';
import type { ReleaseRecord } from '../../domain/release-record.ts';
import type { Provider } from './read-provider.ts';

/** Tells of every dependency of a release whether it has what the other publishes now. */
export function createDescribeDependencies(deps: { readProvider: (key: ReleaseKey) => Promise<Provider | null> }) {
  return (record: ReleaseRecord): Promise<DependencyStatus[]> =>
    Promise.all(
      dependencyEntries(record).map(async (entry) => {
        const provider = await deps.readProvider(entry.provider);
        return dependencyStatus(entry, provider?.digests ?? null, record.updated);
      }),
    );
}
