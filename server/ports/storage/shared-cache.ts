/**
 * The Redis hashes in which other programs find copies, with the names of the original Walm: releases, the latest task
 * of each release, and the latest task of each project. A field is `namespace/name`, a value JSON.
 */
export const SHARED_HASHES = ['walm-releases', 'walm-release-tasks', 'walm-project-tasks'] as const;
export type SharedHash = (typeof SHARED_HASHES)[number];

/** Maximum size of a value in bytes: a larger one is ignored, regardless of its author. Helm's records are not larger. */
export const MAX_SHARED_VALUE_BYTES = 4 * 1024 * 1024;

/** Values by field; null removes the field. */
export type SharedChanges = ReadonlyMap<string, string | null>;

/** Thrown if Redis cannot be used now; the write may have happened. */
export class SharedCacheDown extends Error {
  constructor(reason: string, cause?: unknown) {
    super(`the shared cache cannot be used: ${reason}`, { cause });
    this.name = 'SharedCacheDown';
  }
}

/**
 * A cache outside this process that others write too, and that may be slow, unreachable or empty at any time. What is
 * read is untrusted input. Every verb ends within a bounded time, and at once while the cache is known to be
 * unreachable.
 */
export interface SharedCache {
  /**
   * All fields; none if the name is used by something other than a hash.
   * @throws SharedCacheDown
   */
  fields(hash: SharedHash): Promise<string[]>;
  /**
   * Those of the fields that have a value of acceptable size.
   * @throws SharedCacheDown
   */
  get(hash: SharedHash, fields: readonly string[]): Promise<Map<string, string>>;
  /**
   * Removes anything under the name that is not a hash.
   * @throws SharedCacheDown
   */
  write(hash: SharedHash, changes: SharedChanges): Promise<void>;
  /** Whether the cache responded to the last command. */
  isUp(): boolean;
  /** Calls back when that changes: the cache may have lost everything in between. */
  subscribe(listener: (up: boolean) => void): () => void;
  /** Nothing is read or written afterwards. */
  close(): Promise<void>;
}
