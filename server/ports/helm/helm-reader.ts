import type { Caller } from '../../domain/access/caller.ts';
import type { ProblemError } from '../../domain/errors/problem-error.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { MergeKeys } from '../../domain/patch/strategic-merge-keys.ts';
import type { ManifestDocument } from '../../domain/kube/manifest-document.ts';
import type { EngineCall, ReleaseTarget, RevisionName } from './engine-call.ts';
import type { EngineWarning, ForetoldFate, HelmRelease, HelmReleaseSummary, RenderedRelease } from './helm-release.ts';
import type { DocumentTransform, ReleaseContent } from './release-content.ts';

/** How the change that the cluster judges would be requested. Absent: `create`, no force, no recreation. */
export type JudgedChange = {
  crds?: 'create' | 'skip' | 'apply';
  forceConflicts?: boolean;
  recreate?: 'orphan' | 'delete';
};

export type RenderRequest = ReleaseTarget &
  ReleaseContent & {
    isUpgrade: boolean;
    skipCrds?: boolean;
    /** The API server also validates every object; the first one it refuses is the rejection. */
    validate?: boolean;
  } & JudgedChange;

/** What would happen to the objects of the newest revision: `except` is the revision that a rollback goes back to. */
export type ForetellRequest = ReleaseTarget & {
  except?: number;
  /** Objects that would be applied: the cluster judges them, as it does the deletions, and other objects of `except`. */
  applied?: readonly JsonObject[];
  /** `applied` is everything that would be applied, instead of what `except` has, and the cluster has judged it. */
  rendered?: boolean;
  /** Nothing would be deleted: no object is reported. */
  keepsAll?: boolean;
  /** Called only if the record contains API versions that the cluster no longer serves. */
  transform?: DocumentTransform;
};

/** What would happen to the objects that the release would not have any longer. */
export type ForetoldRemoval = {
  revision: number;
  objects: ForetoldFate[];
  warnings: EngineWarning[];
  /** What the cluster would refuse the change with. */
  refused?: ProblemError;
};

/** A recorded object next to the live one; integers beyond 2^53 are text, managed fields are omitted. */
export type LiveComparison = Omit<ManifestDocument, 'object' | 'hook'> & {
  recorded: JsonObject;
  /** Null if it is gone, or cannot be read. */
  live: JsonObject | null;
  /** The live object after applying the recorded one again: differences are drift. */
  applied: JsonObject | null;
  /**
   * `missing`: gone, or its kind is not served; `forbidden`: the identity lacks the right to read it; `unknown`:
   * otherwise.
   */
  outcome: 'compared' | 'missing' | 'forbidden' | 'unknown';
  /** Why the state is unknown; empty otherwise. */
  message: string;
};

/**
 * How much of each release is needed: `brief` omits manifest, hooks and contents of objects, except what shows their
 * state: replicas of workloads, and data of Secrets in the release's namespace.
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

/**
 * Reads from Helm and the cluster; nothing is written. Every method rejects with a `ProblemError` that names the
 * object.
 */
export interface HelmReader {
  /** A server-side dry run: looks up live objects, checks conflicts, writes nothing. */
  render(request: RenderRequest, call?: EngineCall): Promise<RenderedRelease>;
  /**
   * Judges the objects that an uninstall or a rollback would delete, by the rule of the deletion itself. Nothing is
   * written.
   */
  foretellRemoval(request: ForetellRequest, call?: EngineCall): Promise<ForetoldRemoval>;
  /** The newest revision, or the given one; null if there is none. */
  getRelease(target: ReleaseTarget, revision?: number, call?: EngineCall): Promise<HelmRelease | null>;
  /** Several revisions at once, in the order of `wanted`, read as Walm itself; an error affects only its own entry. */
  getReleases(wanted: readonly RevisionName[], detail?: ReleaseDetail): Promise<(HelmRelease | ProblemError | null)[]>;
  /** The newest revision of each release of one namespace, or of all. */
  listReleases(identity: Caller | null, namespace?: string, call?: EngineCall): Promise<HelmReleaseSummary[]>;
  /** Oldest first; empty if the release does not exist. */
  releaseHistory(target: ReleaseTarget, call?: EngineCall): Promise<HelmReleaseSummary[]>;
  /** The objects of the newest revision, or of the given one, next to the live ones. Nothing is written. */
  compareLive(target: ReleaseTarget & { revision?: number }, call?: EngineCall): Promise<LiveComparison[]>;
  /** Every kind that the cluster serves. */
  listResources(call?: EngineCall): Promise<ServedResource[]>;
  /**
   * The merge keys of kinds for strategic merge patches, in the order of the request, from the cluster's OpenAPI; empty
   * for a kind that is not part of Kubernetes.
   */
  mergeKeys(kinds: readonly { apiVersion: string; kind: string }[], call?: EngineCall): Promise<MergeKeys[]>;
}
