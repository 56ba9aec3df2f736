import type { ReleaseKey } from '../../domain/names/release-key.ts';

/** Digests of the last published state of a release; empty if there is none. */
export type DeliveryMark = { config: string; status: string };

export interface DeliveryMarkReader {
  /** All marks. Rejects with CLUSTER_UNREACHABLE and the like. */
  load(): Promise<Map<ReleaseKey, DeliveryMark>>;
}

/** `Pass` is what adapters require in addition (server/ports/gate); use cases pass nothing. */
export interface DeliveryMarkWriter<Pass extends readonly unknown[] = []> {
  /** Writes the given marks, null removes one. Rejects if the result is uncertain: `load` shows it. */
  save(changes: ReadonlyMap<ReleaseKey, DeliveryMark | null>, ...pass: Pass): Promise<void>;
}

/**
 * What has already been published, kept across restarts. If the marks are lost, everything is published again (at least
 * once). Only the leader writes.
 */
export interface DeliveryMarks extends DeliveryMarkReader, DeliveryMarkWriter {}
