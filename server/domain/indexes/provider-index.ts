import { createNameLinks } from './name-links.ts';
import { objectsOfOutputs } from '../outputs/evaluate-outputs.ts';
import { secretNamesOf } from '../outputs/output-secrets.ts';
import { recordedProviders } from '../dependencies/release-dependencies.ts';
import type { ReleaseKey } from '../names/release-key.ts';
import type { ReleaseRecord } from '../release/release-record.ts';

/** Which releases to check when a release or one of its objects changes: the cost depends only on those concerned. */
export type ProviderIndex = {
  put(record: ReleaseRecord): void;
  remove(key: ReleaseKey): void;
  /** Releases that depend on the provider. */
  dependentsOf(provider: ReleaseKey): ReleaseKey[];
  /** Releases with outputs from an object, named by `objectId`. */
  publishersOf(object: string): ReleaseKey[];
  /** Every release that depends on another. */
  dependents(): ReleaseKey[];
};

/** Identifies an object among those that outputs are taken from. */
export function objectId(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}

/** The Secrets that a release's outputs are taken from, as `namespace/name`. */
export function secretsOfOutputs(record: ReleaseRecord): string[] {
  const secrets = publishedFrom(record).filter(({ kind }) => kind === 'Secret');
  return secrets.map(({ name }) => `${record.namespace}/${name}`);
}

/** An empty index. */
export function createProviderIndex(): ProviderIndex {
  const dependents = createNameLinks();
  const publishers = createNameLinks();
  return {
    put(record) {
      const { key, namespace, facts } = record;
      dependents.replace(key, recordedProviders(key, facts?.dependencies ?? {}));
      publishers.replace(
        key,
        publishedFrom(record).map(({ kind, name }) => objectId(kind, namespace, name)),
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

/** The objects that a release's outputs are taken from, including those that its chart publishes itself. */
function publishedFrom({ namespace, name: release, outputs, facts }: ReleaseRecord): { kind: string; name: string }[] {
  return [
    ...objectsOfOutputs(outputs, { namespace, release }),
    ...secretNamesOf(facts?.outputSecrets ?? []).map((name) => ({ kind: 'Secret', name })),
  ];
}
