import type { Caller } from '../../domain/access/caller.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { JudgedRevision } from '../../domain/seals/judged-revision.ts';
import type { ReleaseTarget } from './engine-call.ts';
import type { EngineWarning, ObjectRef } from './helm-release.ts';
import type { DocumentTransform, ReleaseContent } from './release-content.ts';

/**
 * What the seal of a change records besides its content, for the identity that carries it out: its operation (absent: the
 * engine's name for it), and since when that identity has wanted it so.
 */
export type Sealing = { operation?: string; since?: string };

/**
 * A rewrite may keep the maker of its base in the seal (`by`, null: Walm itself). `base` is that revision as its seal was
 * checked: REVISION_MISMATCH if the record has changed since, because the seal would name a caller who did not make it.
 */
export type RewriteSealing = Sealing & { keeps?: { by: Caller | null; base: JudgedRevision } };

export type InstallRequest = ReleaseTarget &
  ReleaseContent & {
    /** At most 256 characters; Helm's own description if absent. */
    description?: string;
    /** Helm's timeout for each hook and wait, in milliseconds, above 0. */
    timeoutMs: number;
    /** `create`: definitions that do not exist (Helm's rule), `apply`: also update existing ones, `skip`: none. */
    crds: 'create' | 'apply' | 'skip';
    /** Wait until the resources are ready; otherwise Walm only waits for hooks. */
    wait?: boolean;
    /** Take over fields that another manager owns. */
    forceConflicts?: boolean;
    sealing?: Sealing;
  };

/** Parameters of every further revision. */
export type NextRevision = {
  /** Maximum revisions to keep, 0 for all. */
  maxHistory: number;
  /** Refuse with REVISION_MISMATCH unless this is the newest revision. */
  expectedRevision?: number;
};

export type UpgradeRequest = InstallRequest &
  NextRevision & {
    /**
     * Recreate objects whose change the cluster refuses because a field is immutable: `delete` removes the object with
     * its dependents, `orphan` leaves pods and claims to the new object. Absent: FIELD_IMMUTABLE.
     */
    recreate?: 'orphan' | 'delete';
    /**
     * Revision whose generated values (random passwords, …) are kept, if it was made from the same chart. Absent: the
     * newest deployed one.
     */
    generatedFrom?: number;
  };

/**
 * A new revision from recorded documents: nothing is rendered, and unchanged documents keep their bytes. If it fails,
 * the previously deployed revision stays recorded as deployed.
 */
export type RewriteRequest = ReleaseTarget &
  NextRevision & {
    /**
     * Revision whose chart, values, manifest, hooks and notes are used. Absent: the newest deployed one, which Helm
     * compares with, or the newest if none is deployed.
     */
    base?: number;
    /** Replaces the recorded one; null: the revision has none. */
    releaseConfig: JsonObject | null;
    /** Recorded as the user's values instead of the base's. */
    values?: JsonObject;
    /** Instead of the newest revision's labels. */
    labels?: Record<string, string>;
    description?: string;
    timeoutMs: number;
    forceConflicts?: boolean;
    wait?: boolean;
    transform?: DocumentTransform;
    sealing?: RewriteSealing;
    /** `rollback` runs the base's pre-rollback and post-rollback hooks; the record contains all hooks in any case. */
    hooks: 'none' | 'rollback';
  };

export type UninstallRequest = ReleaseTarget & {
  timeoutMs: number;
  keepHistory?: boolean;
  disableHooks?: boolean;
  /** Called only if the record contains API versions that the cluster no longer serves. */
  transform?: DocumentTransform;
  /** Wait until the resources and the pods of its workloads are gone. */
  wait?: boolean;
};

/** Objects that an uninstall left in place are reported, with the reason, as warnings `OBJECT_KEPT`. */
export type UninstalledRelease = { name: string; namespace: string; revision: number; warnings: EngineWarning[] };

/** Result of cleaning up after a failed first install: CRDs, kept objects and claims stay and are listed in `kept`. */
export type RemovedInstall = { removed: ObjectRef[]; kept: ObjectRef[] };

export type ReleaseTestRequest = ReleaseTarget & {
  /** For each test hook, in milliseconds, above 0. */
  timeoutMs: number;
  /** Names of the test hooks to run; all if absent. */
  filter?: string[];
};

/** The result of a test hook. Times are RFC 3339, empty if not reached. */
export type ReleaseTestRun = {
  name: string;
  kind: string;
  namespace: string;
  phase: 'Succeeded' | 'Failed' | 'Running' | 'Unknown';
  startedAt: string;
  completedAt: string;
  /** Why the test failed; empty otherwise. */
  message: string;
  /** The logs of its pods' containers, at most the last 256 KiB of each, or why they cannot be read. */
  log: string;
};

/** Marks the revision that a crashed operation left unfinished as failed. */
export type SettleRequest = ReleaseTarget & { revision: number; description: string };

export type RemoveFailedRequest = ReleaseTarget & { timeoutMs: number };
