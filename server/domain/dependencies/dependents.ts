import { parseReleaseKey, type ReleaseKey } from '../names/release-key.ts';
import type { ReleaseRecord } from '../release/release-record.ts';

/** The releases that depend on one, in the order of `records`. */
export function dependentsOf(provider: ReleaseKey, records: readonly ReleaseRecord[]): ReleaseRecord[] {
  const { namespace, name } = parseReleaseKey(provider);
  return records.filter((record) => {
    const isThere = record.namespace === namespace;
    // Forged records have thousands of them: nothing is made of those that name others.
    return Object.values(record.facts?.dependencies ?? {}).some(
      (given) => given === provider || (isThere && given === name),
    );
  });
}
