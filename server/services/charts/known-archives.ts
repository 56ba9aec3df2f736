/** Beyond these, archives are read from the cluster again. */
const MAX_KNOWN = 10_000;

/**
 * The archives that this process wrote or read in a namespace. One that was removed since may still be among them:
 * the caller who could read it then has had it.
 */
export interface KnownArchives {
  has(namespace: string, digest: string): boolean;
  add(namespace: string, digest: string): void;
}

export function createKnownArchives(maxKnown = MAX_KNOWN): KnownArchives {
  const known = new Set<string>();
  const keyOf = (namespace: string, digest: string) => `${namespace}/${digest}`;
  return {
    has: (namespace, digest) => known.has(keyOf(namespace, digest)),
    add(namespace, digest) {
      const key = keyOf(namespace, digest);
      known.delete(key);
      known.add(key);
      for (const oldest of known) {
        if (known.size <= maxKnown) {
          break;
        }
        known.delete(oldest);
      }
    },
  };
}
