import type { Caller } from '../../domain/access/caller.ts';

/** A kept archive; `keptAt` is RFC 3339. */
export type KeptArchive = { namespace: string; digest: string; keptAt: string };

export interface ChartArchiveReader {
  /** The archive, whole and with the right digest; null when it is not kept, or damaged. */
  get(namespace: string, digest: string, as: Caller | null): Promise<Uint8Array | null>;
  /** What is kept in one namespace, or in all, as Walm sees it. */
  list(namespace?: string): Promise<KeptArchive[]>;
  /** Whether a kept revision of any release in the namespace was made from this archive. */
  isReferenced(namespace: string, digest: string, as: Caller | null): Promise<boolean>;
}

export interface ChartArchiveWriter {
  /** Keeps an archive; nothing happens when it is kept already. Rejects with the cluster's refusal as a problem. */
  put(namespace: string, digest: string, bytes: Uint8Array, as: Caller | null): Promise<void>;
  /** Forgets an archive; nothing happens when it is not kept. */
  remove(namespace: string, digest: string, as: Caller | null): Promise<void>;
}

/**
 * Every chart archive as it was received, beside the releases that were made from it (decision 1). Helm's own record
 * lacks subcharts and the original bytes, so upgrades without a source, re-injection and rollback need these.
 * A digest is the hexadecimal sha256 of the archive's bytes. What is done beside a release is done as `as`, null being
 * Walm itself. @throws ProblemError FORBIDDEN
 */
export interface ChartArchiveStore extends ChartArchiveReader, ChartArchiveWriter {}
