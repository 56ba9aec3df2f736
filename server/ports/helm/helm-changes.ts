import type { Caller } from '../../domain/access/caller.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { ReleaseTarget } from './engine-call.ts';
import type { EngineWarning, ObjectRef } from './helm-release.ts';
import type { DocumentTransform, ReleaseContent } from './release-content.ts';

/**
 * What is sealed of a change beside what it makes: in whose name (null: Walm itself; absent: whoever it is done as), and
 * what it is (absent: the engine's word for it).
 */
export type Sealing = { by?: Caller | null; operation?: string; since?: string };

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

/** Ends what an operation that died left in the middle of this revision. */
export type SettleRequest = ReleaseTarget & { revision: number; description: string };

export type RemoveFailedRequest = ReleaseTarget & { timeoutMs: number };
