import { recordedProviders } from './release-dependencies.ts';
import type { ReleaseKey } from '../names/release-key.ts';
import type { ReleaseRecord } from '../release/release-record.ts';

/** The releases that depend on one, in the order of `records`. */
export function dependentsOf(provider: ReleaseKey, records: readonly ReleaseRecord[]): ReleaseRecord[] {
  return records.filter(({ key, facts }) => recordedProviders(key, facts?.dependencies ?? {}).includes(provider));
}
