import type { Caller } from '../../domain/access/caller.ts';
import type { ArchiveUse } from '../../domain/charts/archive-uses.ts';

/** A stored archive as it was read. */
export type KeptArchive = {
  readonly namespace: string;
  readonly digest: string;
  /** At least one: each change that lately stored it, or when it was created. */
  readonly uses: readonly ArchiveUse[];
  /** What it consists of, in which state: for `remove` alone. */
  readonly parts: readonly { readonly name: string; readonly uid: string; readonly version: string }[];
};

/** The bytes of an archive, and their digest. */
export type ArchiveContent = { readonly digest: string; readonly bytes: Uint8Array };

export interface ChartArchiveReader {
  /** The archive, complete and with the right digest; null if it is not stored, or damaged. */
  get(namespace: string, digest: string, as: Caller | null): Promise<Uint8Array | null>;
  /** What is stored of an archive, complete or not, without its bytes; null if nothing is. */
  find(namespace: string, digest: string, as: Caller | null): Promise<KeptArchive | null>;
  /** The archives of one namespace, or of all, as Walm itself sees them. */
  list(namespace?: string): Promise<KeptArchive[]>;
  /** Whether a stored revision of any release in the namespace was made from this archive. */
  isReferenced(namespace: string, digest: string, as: Caller | null): Promise<boolean>;
}

/** `Pass` is what adapters require in addition (server/ports/gate); use cases pass nothing. */
export interface ChartArchiveWriter<Pass extends readonly unknown[] = []> {
  /**
   * Stores an archive for a task, or notes that one that is stored is used for it: what was read of it before no longer
   * allows to remove it. Rejects with the cluster's refusal as a problem.
   */
  put(namespace: string, archive: ArchiveContent, task: string, as: Caller | null, ...pass: Pass): Promise<void>;
  /** Removes an archive as it was read; what was stored, used or changed since then stays. */
  remove(archive: KeptArchive, as: Caller | null, ...pass: Pass): Promise<void>;
}

/**
 * Every chart archive as it was received, stored beside the releases made from it (decision 1: every chart archive is
 * kept). Helm's record lacks subcharts and the original bytes, so upgrades without a source, re-injection and rollback
 * need the archive. A digest is the hexadecimal sha256 of the archive's bytes. Operations beside a release run as `as`,
 * null being Walm itself.
 * @throws ProblemError FORBIDDEN
 */
export interface ChartArchiveStore extends ChartArchiveReader, ChartArchiveWriter {}
