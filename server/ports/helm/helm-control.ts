import type { Term } from '../storage/leadership.ts';

/** Something that keeps what renders charts from the rest of the machine; `reason` says why it does not hold. */
export type Barrier = { name: string; holds: boolean; reason?: string };

/** What the engine said of itself when it started; `kubernetesVersion` is null when the cluster did not answer. */
export type EngineInfo = {
  engineVersion: string;
  helmVersion: string;
  kubernetesVersion: string | null;
  /** What was tried of the isolation of its workers, and how that went. */
  isolation: Barrier[];
};

/** The engine as a program: it writes nothing by itself. */
export interface HelmControl {
  /** Calls back after kinds were added to or removed from the cluster, and after each restart of the engine. */
  onDiscoveryChanged(listener: () => void): () => void;
  /** Tells the engine that a term goes on: operations of it may go on writing, those of earlier ones may not. */
  renewTerm(term: Term): void;
  /** Null until the first start has succeeded. */
  info(): EngineInfo | null;
  /** Cancels what runs, ends the process, resolves when it is gone. */
  stop(): Promise<void>;
}
