import type { ReleaseKey } from '../../domain/names/release-key.ts';

/** Digests of what was last published about a release; empty where nothing was. */
export type DeliveryMark = { config: string; status: string };

export interface DeliveryMarkReader {
  /** Everything that is marked. Rejects with CLUSTER_UNREACHABLE and the like. */
  load(): Promise<Map<ReleaseKey, DeliveryMark>>;
}

export interface DeliveryMarkWriter {
  /** Writes the marks named, null removes one. Rejects when that is not certain: `load` tells how it stands. */
  save(changes: ReadonlyMap<ReleaseKey, DeliveryMark | null>): Promise<void>;
}

/**
 * What was published already, kept over restarts. It may be lost: then everything is published again (at least once).
 * Only the leader writes.
 */
export interface DeliveryMarks extends DeliveryMarkReader, DeliveryMarkWriter {}
