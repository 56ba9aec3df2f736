import { objectsOfOutputs } from './outputs/evaluate-outputs.ts';
import { secretNamesOf } from './outputs/output-secrets.ts';
import { recordedProviders } from './release-dependencies.ts';
import type { ReleaseKey } from './release-key.ts';
import type { ReleaseRecord } from './release-record.ts';

/** Who has to be looked at when a release or one of its objects changes: a change costs what it concerns. */
export type ProviderIndex = {
  put(record: ReleaseRecord): void;
  remove(key: ReleaseKey): void;
  /** Releases that depend on one. */
  dependentsOf(provider: ReleaseKey): ReleaseKey[];
  /** Releases whose outputs are taken from an object, named by `objectId`. */
  publishersOf(object: string): ReleaseKey[];
  /** Every release that depends on another. */
  dependents(): ReleaseKey[];
};

/** Names an object among those that outputs are taken from. */
export function objectId(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}

/** An empty index. */
export function createProviderIndex(): ProviderIndex {
  const dependents = createLinks();
  const publishers = createLinks();
  return {
    put(record) {
      const { key, namespace, name: release, outputs, facts } = record;
      dependents.replace(key, recordedProviders(key, facts?.dependencies ?? {}));
      const objects = [
        ...objectsOfOutputs(outputs, { namespace, release }),
        ...secretNamesOf(facts?.outputSecrets ?? []).map((name) => ({ kind: 'Secret', name })),
      ];
      publishers.replace(
        key,
        objects.map((object) => objectId(object.kind, namespace, object.name)),
      );
    },
    remove(key) {
      dependents.replace(key, []);
      publishers.replace(key, []);
    },
    dependentsOf: (provider) => dependents.to(provider),
    publishersOf: (object) => publishers.to(object),
    dependents: () => dependents.sources(),
  };
}

/** Links from releases to what they name, found from either end. */
function createLinks() {
  const targets = new Map<ReleaseKey, readonly string[]>();
  const sources = new Map<string, Set<ReleaseKey>>();
  return {
    replace(source: ReleaseKey, next: readonly string[]): void {
      for (const target of targets.get(source) ?? []) {
        sources.get(target)?.delete(source);
        if (sources.get(target)?.size === 0) {
          sources.delete(target);
        }
      }
      if (next.length === 0) {
        targets.delete(source);
      } else {
        targets.set(source, next);
      }
      next.forEach((target) => sources.set(target, (sources.get(target) ?? new Set()).add(source)));
    },
    to: (target: string): ReleaseKey[] => [...(sources.get(target) ?? [])],
    sources: (): ReleaseKey[] => [...targets.keys()],
  };
}
