import type { Caller } from '../../domain/access/caller.ts';
import type { ProblemError } from '../../domain/errors/problem-error.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { ManifestDocument } from '../../domain/kube/manifest-document.ts';
import type { EngineCall, ReleaseTarget, RevisionName } from './engine-call.ts';
import type { EngineWarning, HelmRelease, HelmReleaseSummary, ObjectRef, RenderedRelease } from './helm-release.ts';
import type { DocumentTransform, ReleaseContent } from './release-content.ts';

export type RenderRequest = ReleaseTarget &
  ReleaseContent & {
    isUpgrade: boolean;
    skipCrds?: boolean;
    /** The cluster judges every object, too; the first that it refuses is the rejection. */
    validate?: boolean;
  };

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

/** What Helm and the cluster say; nothing is written. Every method rejects with a `ProblemError` that names the object. */
export interface HelmReader {
  /** A server-side dry run: looks up live objects, checks conflicts, writes nothing. */
  render(request: RenderRequest, call?: EngineCall): Promise<RenderedRelease>;
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
  /** The objects of the newest revision, or the one asked for, beside what runs. Nothing is written. */
  compareLive(target: ReleaseTarget & { revision?: number }, call?: EngineCall): Promise<LiveComparison[]>;
  /** Every kind the cluster serves. */
  listResources(call?: EngineCall): Promise<ServedResource[]>;
}
