import type { Caller } from '../../domain/access/caller.ts';

/** A stored archive; `keptAt` is RFC 3339. */
export type KeptArchive = { namespace: string; digest: string; keptAt: string };

export interface ChartArchiveReader {
  /** The archive, complete and with the right digest; null if it is not stored, or damaged. */
  get(namespace: string, digest: string, as: Caller | null): Promise<Uint8Array | null>;
  /** The archives of one namespace, or of all, as Walm itself sees them. */
  list(namespace?: string): Promise<KeptArchive[]>;
  /** Whether a stored revision of any release in the namespace was made from this archive. */
  isReferenced(namespace: string, digest: string, as: Caller | null): Promise<boolean>;
}

export interface ChartArchiveWriter {
  /** Stores an archive; does nothing if it is already stored. Rejects with the cluster's refusal as a problem. */
  put(namespace: string, digest: string, bytes: Uint8Array, as: Caller | null): Promise<void>;
  /** Removes an archive; does nothing if it is not stored. */
  remove(namespace: string, digest: string, as: Caller | null): Promise<void>;
}

/**
 * Every chart archive as it was received, stored beside the releases made from it (decision 1: every chart archive is
 * kept). Helm's record lacks subcharts and the original bytes, so upgrades without a source, re-injection and rollback
 * need the archive. A digest is the hexadecimal sha256 of the archive's bytes. Operations beside a release run as `as`,
 * null being Walm itself.
 * @throws ProblemError FORBIDDEN
 */
export interface ChartArchiveStore extends ChartArchiveReader, ChartArchiveWriter {}
