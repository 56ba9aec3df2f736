import type { SealFacts } from '../../domain/seals/record-seal.ts';
import type { Term } from '../storage/leadership.ts';
import type { EngineCall } from './engine-call.ts';
import type {
  InstallRequest,
  ReleaseTestRequest,
  ReleaseTestRun,
  RemoveFailedRequest,
  RemovedInstall,
  RewriteRequest,
  SettleRequest,
  UninstallRequest,
  UninstalledRelease,
  UpgradeRequest,
} from './helm-changes.ts';
import type { HelmRelease } from './helm-release.ts';

/**
 * What the gate of all writes gives a change on its way (server/composition/wrappers/gate.ts): who leads, and the seal.
 * An adapter asks for it, so that it cannot be called past the gate.
 */
export type WritePass = {
  /** The term in which the operation may write, and no longer; null: any replica may perform it. */
  readonly term: Term | null;
  /** Gives the seal of the revision that is about to be written; null: it gets none. */
  readonly seal: ((facts: SealFacts) => Promise<string>) | null;
};

/** The call of a write that went through the gate. */
export type PassedCall = EngineCall & WritePass;

/**
 * What changes releases. Every verb takes what is wanted, in whose name (`identity`), and last what accompanies it: for
 * use cases a call or none, for adapters one that went through the gate. A verb rejects with a `ProblemError` that names
 * the object; when the engine's process dies, with ENGINE_STOPPED, and what it did must be observed again.
 */
export interface HelmWriter<Call extends readonly unknown[] = [call?: EngineCall]> {
  /** A name whose revisions all failed, or whose newest is uninstalled, counts as free. */
  readonly install: (request: InstallRequest, ...call: Call) => Promise<HelmRelease>;
  readonly upgrade: (request: UpgradeRequest, ...call: Call) => Promise<HelmRelease>;
  readonly rewriteRelease: (request: RewriteRequest, ...call: Call) => Promise<HelmRelease>;
  readonly uninstall: (request: UninstallRequest, ...call: Call) => Promise<UninstalledRelease>;
  /**
   * Ends what an operation that died left in the middle: a revision that is `pending-*` or `uninstalling` is marked as
   * failed with the description; by one that is deployed already the earlier deployed ones are superseded.
   */
  readonly settle: (request: SettleRequest, ...call: Call) => Promise<void>;
  /** Removes what a failed first install made, and its records; refuses with RELEASE_EXISTS once one was deployed. */
  readonly removeFailedInstall: (request: RemoveFailedRequest, ...call: Call) => Promise<RemovedInstall>;
  /** Runs Helm's test hooks in the order of their weights, up to the first that fails; a failed one is no rejection. */
  readonly testRelease: (request: ReleaseTestRequest, ...call: Call) => Promise<ReleaseTestRun[]>;
}
