import type { Caller } from '../../domain/access/caller.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { DocumentChanges, DocumentsOrigin, ManifestDocument } from '../../domain/kube/manifest-document.ts';
import type { HiddenSecrets, ShippedOutputs } from '../../domain/outputs/output-secrets.ts';
import type { ProblemError } from '../../domain/errors/problem-error.ts';
import type { JudgedRevision } from '../../domain/seals/judged-revision.ts';
import type { Sharer } from '../../domain/access/sharer.ts';
import type {
  ChartDetails,
  ChartSource,
  FetchedChart,
  IndexPart,
  RepositoryPage,
  RepositorySource,
  StoredChart,
} from './helm-chart.ts';
import type { EngineWarning, HelmRelease, HelmReleaseSummary, ObjectRef, RenderedRelease } from './helm-release.ts';
import type { Term } from '../storage/leadership.ts';

/** How a running operation reports what it is doing. `done` of `total` where the number of objects is known. */
export type EngineProgress = {
  phase: 'fetch' | 'crds' | 'render' | 'validate' | 'hooks' | 'apply' | 'wait' | 'record' | 'delete';
  message: string;
  object?: ObjectRef;
  done?: number;
  total?: number;
};

/** What accompanies a call. Aborting `signal` cancels the operation; the promise settles when its work has ended. */
export type EngineCall = {
  signal?: AbortSignal;
  /** Appears in the engine's log lines. */
  requestId?: string;
  onProgress?: (progress: EngineProgress) => void;
  /** Whose share of loading charts it counts against; for releases that is the identity of the target. */
  sharer?: Sharer;
  /** The term in which the operation may write, and no longer; absent: any replica may perform it. */
  term?: Term;
};

/** Names a release and the person it is touched for (null: Walm's own identity). */
export type ReleaseTarget = {
  identity: Caller | null;
  namespace: string;
  name: string;
  /**
   * For what Walm does by itself: the newest revision, the one in force, and any other that is acted on, as they were
   * judged. The release is read once; RELEASE_NOT_SEALED where one of them is another by then or one more would be acted
   * on, REVISION_MISMATCH where there is a newer one. Objects that are not the release's are not deleted.
   */
  judged?: readonly JudgedRevision[];
};

/** How the server changes documents between rendering and applying. */
export type DocumentTransform = {
  /** The engine waits for it. A ProblemError that it throws or rejects with fails the operation. */
  run: (documents: readonly ManifestDocument[], origin: DocumentsOrigin) => DocumentChanges | Promise<DocumentChanges>;
  /** False: called only when the engine finds a kind or version that neither cluster nor chart defines. */
  always: boolean;
  /**
   * What must not be written down now that it is known what the chart puts into Secrets: of the outputs that its own
   * ReleaseConfig publishes, and of Walm's; absent: nothing.
   */
  hideSecrets?: (shipped: ShippedOutputs) => HiddenSecrets | Promise<HiddenSecrets>;
};

/**
 * What is sealed of a change beside what it makes: in whose name (null: Walm itself; absent: whoever it is done as), and
 * what it is (absent: the engine's word for it).
 */
export type Sealing = { by?: Caller | null; operation?: string; since?: string };

/** What an install, an upgrade and a dry run have in common. */
export type ReleaseContent = {
  /** Digest of an archive in the chart folder. */
  chart: string;
  /** The user's values, complete: nothing of an earlier revision is reused. */
  values: JsonObject;
  /** Appended to the manifest, merged with the one the chart ships under the release's name; absent: nothing is. */
  releaseConfig?: JsonObject;
  /** Helm's release labels. */
  labels?: Record<string, string>;
  disableHooks?: boolean;
  transform?: DocumentTransform;
};

export type RenderRequest = ReleaseTarget &
  ReleaseContent & {
    isUpgrade: boolean;
    skipCrds?: boolean;
    /** The cluster judges every object, too; the first that it refuses is the rejection. */
    validate?: boolean;
  };

export type InstallRequest = ReleaseTarget &
  ReleaseContent & {
    /** At most 256 characters; Helm's own sentence where absent. */
    description?: string;
    /** Helm's timeout for each hook and wait, in milliseconds, above 0. */
    timeoutMs: number;
    /** `create`: those that do not exist (Helm's rule), `apply`: bring existing ones up to date too, `skip`: none. */
    crds: 'create' | 'apply' | 'skip';
    /** Wait until the resources are ready; without it only hooks are waited for. */
    wait?: boolean;
    /** Take fields that another manager owns. */
    forceConflicts?: boolean;
    sealing?: Sealing;
  };

/** What the making of a further revision has to know. */
export type NextRevision = {
  /** Revisions to keep, 0 for all. */
  maxHistory: number;
  /** Refuse with REVISION_MISMATCH unless this is the newest revision. */
  expectedRevision?: number;
};

export type UpgradeRequest = InstallRequest &
  NextRevision & {
    /**
     * Make objects anew whose change the cluster refuses because a field is immutable: `delete` removes the object
     * with what it made, `orphan` leaves pods and claims to the new one. Absent: FIELD_IMMUTABLE.
     */
    recreate?: 'orphan' | 'delete';
    /**
     * Revision of which is kept what the chart generates at random, where it was made from the same chart. Absent: the
     * newest that is deployed.
     */
    generatedFrom?: number;
  };

/**
 * A new revision out of recorded documents: nothing is rendered, documents that do not change keep their bytes. When it
 * fails, what was deployed before stays recorded as deployed.
 */
export type RewriteRequest = ReleaseTarget &
  NextRevision & {
    /**
     * Revision whose chart, values, manifest, hooks and notes are taken. Absent: the newest that is deployed, with which
     * Helm compares too, or the newest where none is.
     */
    base?: number;
    /** Takes the place of the recorded one; null: the revision has none. */
    releaseConfig: JsonObject | null;
    /** Recorded as the user's values instead of the base's. */
    values?: JsonObject;
    /** Instead of the newest revision's. */
    labels?: Record<string, string>;
    description?: string;
    timeoutMs: number;
    forceConflicts?: boolean;
    wait?: boolean;
    transform?: DocumentTransform;
    sealing?: Sealing;
    /** `rollback` runs the base's pre-rollback and post-rollback hooks; the record keeps all hooks in any case. */
    hooks: 'none' | 'rollback';
  };

export type UninstallRequest = ReleaseTarget & {
  timeoutMs: number;
  keepHistory?: boolean;
  disableHooks?: boolean;
  /** Called only when the record holds API versions that the cluster no longer serves. */
  transform?: DocumentTransform;
  /** Wait until the resources and the pods of its workloads are gone. */
  wait?: boolean;
};

/** What an uninstall left in place, and why, are its warnings `OBJECT_KEPT`. */
export type UninstalledRelease = { name: string; namespace: string; revision: number; warnings: EngineWarning[] };

/** What would become of the objects of the newest revision: `except` is the revision that a rollback goes back to. */
export type ForetellRequest = ReleaseTarget & {
  except?: number;
  /** Called only when the record holds API versions that the cluster no longer serves. */
  transform?: DocumentTransform;
};

/** `kept` and `unknown` have a reason; `gone`: there is none any longer, or it is being deleted. */
export type ForetoldRemoval = {
  revision: number;
  objects: { object: ObjectRef; outcome: 'deleted' | 'kept' | 'gone' | 'unknown'; reason: string }[];
  warnings: EngineWarning[];
};

/** Outcome of cleaning up after a failed first install: CRDs, kept objects and claims stay and are named in `kept`. */
export type RemovedInstall = { removed: ObjectRef[]; kept: ObjectRef[] };

export type ReleaseTestRequest = ReleaseTarget & {
  /** For each test hook, in milliseconds, above 0. */
  timeoutMs: number;
  /** Names of the test hooks to run; all where absent. */
  filter?: string[];
};

/** How one test hook went. Times are RFC 3339, empty where it was not reached. */
export type ReleaseTestRun = {
  name: string;
  kind: string;
  namespace: string;
  phase: 'Succeeded' | 'Failed' | 'Running' | 'Unknown';
  startedAt: string;
  completedAt: string;
  /** Why it failed; empty otherwise. */
  message: string;
  /** What its pods' containers printed, at most the last 256 KiB of each, or why that cannot be read. */
  log: string;
};

/** A recorded object beside the one that runs; integers beyond 2^53 are text, managed fields are left out. */
export type LiveComparison = Omit<ManifestDocument, 'object' | 'hook'> & {
  recorded: JsonObject;
  /** Null where it is gone, or cannot be looked at. */
  live: JsonObject | null;
  /** What applying the recorded object again would make of the live one: where it differs, something has drifted. */
  applied: JsonObject | null;
  /** `missing`: gone, or its kind is not served; `forbidden`: the cluster does not let the identity look; `unknown`: else. */
  outcome: 'compared' | 'missing' | 'forbidden' | 'unknown';
  /** Why nothing is known; empty otherwise. */
  message: string;
};

/** Names a revision of a release, the newest where `revision` is absent. */
export type RevisionName = { namespace: string; name: string; revision?: number };

/**
 * How much is wanted of each: `brief` is without manifest, hooks and the contents of objects, but for what tells how
 * they are: replicas of workloads, data of Secrets in the release's namespace.
 */
type ReleaseDetail = EngineCall & { brief?: boolean };

/** A kind that the cluster serves, in its preferred version. */
export type ServedResource = {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  verbs: string[];
};

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

/**
 * Helm, as Walm uses it. Every method rejects with a `ProblemError` that names the object; when the engine's process
 * dies, pending calls reject with ENGINE_STOPPED and what they did must be observed again.
 */
export interface HelmEngine {
  /** Downloads a chart into the chart folder. */
  fetchChart(source: ChartSource, call?: EngineCall): Promise<FetchedChart>;
  /** Verifies an archive that lies in the chart folder under its digest. */
  checkChart(digest: string, call?: EngineCall): Promise<StoredChart>;
  inspectChart(digest: string, call?: EngineCall): Promise<ChartDetails>;
  listRepository(source: RepositorySource, part: IndexPart, call?: EngineCall): Promise<RepositoryPage>;
  /**
   * Puts the chart of the newest revision, or the one asked for, into the chart folder as Helm's record holds it; null
   * where there is no such revision. Refuses with CHART_NOT_RECORDED when the chart has subcharts: they are not recorded.
   */
  packRecordedChart(target: ReleaseTarget, revision?: number, call?: EngineCall): Promise<StoredChart | null>;

  /** A server-side dry run: looks up live objects, checks conflicts, writes nothing. */
  render(request: RenderRequest, call?: EngineCall): Promise<RenderedRelease>;
  /** A name whose revisions all failed, or whose newest is uninstalled, counts as free. */
  install(request: InstallRequest, call?: EngineCall): Promise<HelmRelease>;
  upgrade(request: UpgradeRequest, call?: EngineCall): Promise<HelmRelease>;
  rewriteRelease(request: RewriteRequest, call?: EngineCall): Promise<HelmRelease>;
  uninstall(request: UninstallRequest, call?: EngineCall): Promise<UninstalledRelease>;
  /** Judges the objects that an uninstall or a rollback would delete, as the deletion itself does. Nothing is written. */
  foretellRemoval(request: ForetellRequest, call?: EngineCall): Promise<ForetoldRemoval>;

  /** The newest revision, or the one asked for; null where there is none. */
  getRelease(target: ReleaseTarget, revision?: number, call?: EngineCall): Promise<HelmRelease | null>;
  /** Several at once, in the order of `wanted`, read as Walm's own; an error of one takes only its own place. */
  getReleases(wanted: readonly RevisionName[], detail?: ReleaseDetail): Promise<(HelmRelease | ProblemError | null)[]>;
  /** The newest revision of each release of one namespace, or of all. */
  listReleases(identity: Caller | null, namespace?: string, call?: EngineCall): Promise<HelmReleaseSummary[]>;
  /** Oldest first; empty where there is no release. */
  releaseHistory(target: ReleaseTarget, call?: EngineCall): Promise<HelmReleaseSummary[]>;
  /**
   * Ends what an operation that died left in the middle: a revision that is `pending-*` or `uninstalling` is marked as
   * failed with the description; by one that is deployed already the earlier deployed ones are superseded.
   */
  settle(target: ReleaseTarget, revision: number, description: string, call?: EngineCall): Promise<void>;
  /** Removes what a failed first install made, and its records; refuses with RELEASE_EXISTS once one was deployed. */
  removeFailedInstall(target: ReleaseTarget, timeoutMs: number, call?: EngineCall): Promise<RemovedInstall>;
  /** Runs Helm's test hooks in the order of their weights, up to the first that fails; a failed one is no rejection. */
  testRelease(request: ReleaseTestRequest, call?: EngineCall): Promise<ReleaseTestRun[]>;
  /** The objects of the newest revision, or the one asked for, beside what runs. Nothing is written. */
  compareLive(target: ReleaseTarget & { revision?: number }, call?: EngineCall): Promise<LiveComparison[]>;

  /** Every kind the cluster serves. */
  listResources(call?: EngineCall): Promise<ServedResource[]>;
  /** Calls back after kinds were added to or removed from the cluster, and after each restart of the engine. */
  onDiscoveryChanged(listener: () => void): () => void;
  /** Tells the engine that a term goes on: operations of it may go on writing, those of earlier ones may not. */
  renewTerm(term: Term): void;
  /** Null until the first start has succeeded. */
  info(): EngineInfo | null;
  /** Cancels what runs, ends the process, resolves when it is gone. */
  stop(): Promise<void>;
}
