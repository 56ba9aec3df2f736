import {
  MAX_SHARED_VALUE_BYTES,
  type SharedCache,
  SharedCacheDown,
  type SharedHash,
} from '../../ports/storage/shared-cache.ts';

/** A shared cache within this process, for tests: `setUp` makes it unreachable and reachable again. */
export type MemorySharedCache = SharedCache & {
  /** The contents of a hash, for a test to read and to damage. */
  content(hash: SharedHash): Map<string, string>;
  setUp(up: boolean): void;
};

/** Empty at first. */
export function createMemorySharedCache(): MemorySharedCache {
  const hashes = new Map<SharedHash, Map<string, string>>();
  const listeners = new Set<(up: boolean) => void>();
  let isUp = true;

  function content(hash: SharedHash): Map<string, string> {
    const known = hashes.get(hash) ?? new Map<string, string>();
    hashes.set(hash, known);
    return known;
  }

  function attempt<T>(work: () => T): Promise<T> {
    return isUp ? Promise.resolve(work()) : Promise.reject(new SharedCacheDown('it is away'));
  }

  function setUp(up: boolean): void {
    if (isUp !== up) {
      isUp = up;
      listeners.forEach((listener) => listener(up));
    }
  }

  return {
    content,
    setUp,
    fields: (hash) => attempt(() => [...content(hash).keys()]),
    get: (hash, fields) =>
      attempt(() => {
        const found = fields.flatMap((field): [string, string][] => {
          const value = content(hash).get(field);
          return value === undefined || value.length > MAX_SHARED_VALUE_BYTES ? [] : [[field, value]];
        });
        return new Map(found);
      }),
    write: (hash, changes) =>
      attempt(() =>
        changes.forEach((value, field) =>
          value === null ? content(hash).delete(field) : content(hash).set(field, value),
        ),
      ),
    isUp: () => isUp,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      setUp(false);
      return Promise.resolve();
    },
  };
}
