/**
 * The hashes that readers outside of this process find copies in, with the original Walm's names: releases, the latest
 * task of each release, and the latest task of each project. A field is `namespace/name`, a value JSON.
 */
export const SHARED_HASHES = ['walm-releases', 'walm-release-tasks', 'walm-project-tasks'] as const;
export type SharedHash = (typeof SHARED_HASHES)[number];

/** A longer value is none, in bytes: whoever wrote it, it is not read. Helm's records are not longer than that. */
export const MAX_SHARED_VALUE_BYTES = 4 * 1024 * 1024;

/** Values by field; null removes the field. */
export type SharedChanges = ReadonlyMap<string, string | null>;

/** Thrown when the cache cannot be used now; what was to be written may have been. */
export class SharedCacheDown extends Error {
  constructor(reason: string, cause?: unknown) {
    super(`the shared cache cannot be used: ${reason}`, { cause });
    this.name = 'SharedCacheDown';
  }
}

/**
 * A cache outside of this process that others write too, and that may be slow, away or empty at any time. What is read
 * is untrusted input. Every verb ends within a bounded time, and at once while the cache is known to be away.
 */
export interface SharedCache {
  /** Every field there is; none where the name is taken by something that is no hash. @throws SharedCacheDown */
  fields(hash: SharedHash): Promise<string[]>;
  /** Those of the fields that have a value of an acceptable length. @throws SharedCacheDown */
  get(hash: SharedHash, fields: readonly string[]): Promise<Map<string, string>>;
  /** Removes what is no hash under the name. @throws SharedCacheDown */
  write(hash: SharedHash, changes: SharedChanges): Promise<void>;
  /** Whether the cache answered when it was last asked. */
  isUp(): boolean;
  /** Calls back when that changes: it may have lost everything in between. */
  subscribe(listener: (up: boolean) => void): () => void;
  /** Nothing is read or written afterwards. */
  close(): Promise<void>;
}
