import type { Term } from '../storage/leadership.ts';

/**
 * An isolation barrier between the processes that render charts and the rest of the machine; `reason` says why it does
 * not hold.
 */
export type Barrier = { name: string; holds: boolean; reason?: string };

/** Facts that the engine reported when it started; `kubernetesVersion` is null if the cluster did not respond. */
export type EngineInfo = {
  engineVersion: string;
  helmVersion: string;
  kubernetesVersion: string | null;
  /** Results of the isolation tests of its workers. */
  isolation: Barrier[];
};

/** Control of the engine process; nothing here writes to the cluster. */
export interface HelmControl {
  /** Calls back after kinds were added to or removed from the cluster, and after each restart of the engine. */
  onDiscoveryChanged(listener: () => void): () => void;
  /**
   * Tells the engine that a term was renewed: operations of this term may keep writing, those of earlier terms may not.
   */
  renewTerm(term: Term): void;
  /** Null until the first start has succeeded. */
  info(): EngineInfo | null;
  /** Cancels running operations, ends the process, resolves when it is gone. */
  stop(): Promise<void>;
}
