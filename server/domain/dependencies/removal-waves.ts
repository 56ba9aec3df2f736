import type { ReleaseRecord } from '../release/release-record.ts';
import { dependencyEntries } from './dependency-status.ts';

/**
 * Releases in the order in which they are deleted: each wave after those of the releases that depend on it, and sorted by
 * name. Releases that depend on each other in a circle are the last wave.
 */
export function removalWaves(records: readonly ReleaseRecord[]): ReleaseRecord[][] {
  const left = new Map(records.map((record) => [record.key, record]));
  const providers = new Map(
    records.map((record) => [record.key, new Set(dependencyEntries(record).map(({ provider }) => provider))]),
  );
  /** How many releases that are left depend on it. */
  const dependents = new Map(records.map(({ key }) => [key, 0]));
  const count = (key: string, by: number) => {
    for (const provider of providers.get(key) ?? []) {
      const known = dependents.get(provider);
      if (known !== undefined && provider !== key) {
        dependents.set(provider, known + by);
      }
    }
  };
  records.forEach(({ key }) => count(key, 1));
  const waves: ReleaseRecord[][] = [];
  while (left.size > 0) {
    const free = [...left.values()].filter(({ key }) => dependents.get(key) === 0);
    const wave = (free.length > 0 ? free : [...left.values()]).toSorted((a, b) => (a.key < b.key ? -1 : 1));
    waves.push(wave);
    for (const { key } of wave) {
      left.delete(key);
      count(key, -1);
    }
  }
  return waves;
}
