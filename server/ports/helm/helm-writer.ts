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
 * Writes releases. Every verb takes its request with the identity to use (`identity`), and last the context of the
 * call: for use cases a call or none, for adapters one that went through the gate (server/ports/gate). A verb rejects with a `ProblemError`
 * that names the object; if the engine process dies, with ENGINE_STOPPED, and the effect must be observed again.
 */
export interface HelmWriter<Call extends readonly unknown[] = [call?: EngineCall]> {
  /** A name whose revisions all failed, or whose newest one is uninstalled, counts as free. */
  readonly install: (request: InstallRequest, ...call: Call) => Promise<HelmRelease>;
  readonly upgrade: (request: UpgradeRequest, ...call: Call) => Promise<HelmRelease>;
  readonly rewriteRelease: (request: RewriteRequest, ...call: Call) => Promise<HelmRelease>;
  readonly uninstall: (request: UninstallRequest, ...call: Call) => Promise<UninstalledRelease>;
  /**
   * Ends an operation that crashed half-way: a revision that is `pending-*` or `uninstalling` is marked as failed with
   * the description; if it is already deployed, earlier deployed revisions are superseded.
   */
  readonly settle: (request: SettleRequest, ...call: Call) => Promise<void>;
  /**
   * Removes the objects of a failed first install, and its records; refuses with RELEASE_EXISTS once a revision was
   * deployed.
   */
  readonly removeFailedInstall: (request: RemoveFailedRequest, ...call: Call) => Promise<RemovedInstall>;
  /**
   * Runs Helm's test hooks in the order of their weights, up to the first that fails; a failed test does not reject.
   */
  readonly testRelease: (request: ReleaseTestRequest, ...call: Call) => Promise<ReleaseTestRun[]>;
}
