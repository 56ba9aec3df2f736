import type { ReleaseTests } from '../../../contract/schemas/release-check.ts';
import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import type { TaskInfo } from '../../../contract/schemas/task.ts';
import type { ObjectRef, Warning } from '../../../contract/schemas/warning.ts';
import type { StoredChart } from '../../ports/helm/helm-chart.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { ProblemError } from '../../domain/errors/problem-error.ts';
import type { Task } from '../../domain/tasks/task.ts';

/** An uploaded chart archive: it lies in the chart folder, and the engine has accepted it as a chart. */
export type UploadedArchive = StoredChart & {
  /** File name given by the client; informational. */
  readonly fileName: string;
  /** Why the engine did not accept it, for operations that take faulty archives: it has been removed then. */
  readonly refusal?: ProblemError;
};

/** How a caller waits for a change. */
export interface Waiting {
  /**
   * Maximum wait in milliseconds (`timeoutSec`); absent: the default (decision 28: the wait is bounded, not the task).
   */
  readonly timeoutMs?: number;
}

/** Terms of every change of a release, independent of who waits for it. */
export interface ChangeTerms {
  readonly requestId: string;
  /** Present for an automatic change: Walm acts with the identity of `caller`. */
  readonly unattended?: NonNullable<Task['unattended']>;
  /** Null is Walm's own identity. */
  readonly caller: Caller | null;
  /** True: warnings become a REQUEST_INVALID. */
  readonly strict?: boolean;
  /** Repeated requests with the same key get the result of the first. */
  readonly idempotencyKey?: string;
  /** Refuse with REVISION_MISMATCH unless this is the release's newest revision. */
  readonly expectedRevision?: number;
  /** Unlock the release from another client's unfinished operation instead of waiting for it. */
  readonly force?: boolean;
  /** Helm's timeout for hooks and waits, in milliseconds; absent: the server's default. */
  readonly operationTimeoutMs?: number;
  /** Warnings of the API about the request; recorded with the task. */
  readonly warnings: readonly Warning[];
}

/** A requested change: its terms, and how its caller waits; null: the caller has the task and does not wait. */
export interface MutationOptions extends ChangeTerms {
  readonly waiting: Waiting | null;
}

/** The result of a change. A failed task is thrown as its ProblemError instead. */
export interface MutationOutcome {
  /** Null if there was nothing to do: a delete with `ignoreNotFound` of a missing release. */
  readonly task: TaskInfo | null;
  /** False: accepted, still queued or running. */
  readonly finished: boolean;
  /** The warnings of the task, including those of the request. */
  readonly warnings: readonly Warning[];
  /** For a finished pause: the objects that could not be stopped. */
  readonly notPaused?: readonly ObjectRef[];
  /** For a finished test: its results. */
  readonly tests?: ReleaseTests;
}

/** An install or an upgrade. */
export interface ApplyInput {
  readonly namespace: string;
  readonly request: ReleaseRequest;
  /** Takes precedence over every source that the request names. */
  readonly archive?: UploadedArchive;
  readonly createNamespace: boolean;
  readonly crds: 'create' | 'skip' | 'apply';
  /** Wait until its dependencies are ready (decision 39: which outputs a dependent gets). */
  readonly waitReady: boolean;
  /** Accept dependencies that do not exist. */
  readonly allowMissing: boolean;
  /** Absent for a release that is not changed by a project operation. */
  readonly membership?: { project: string; commonValues: JsonObject };
  /** Wait until the release is ready. */
  readonly wait?: boolean;
  /** Take over fields that another manager owns. */
  readonly forceConflicts?: boolean;
  /** Upgrade the release if it exists, otherwise install it. */
  readonly upsert?: boolean;
  /** Recreate objects whose immutable fields change. */
  readonly recreate?: 'orphan' | 'delete';
  /** False: run none of the chart's hooks. */
  readonly hooks?: boolean;
  readonly options: MutationOptions;
}

/** The release to change, for operations without further parameters. */
export interface ChangeInput {
  readonly namespace: string;
  readonly release: string;
  readonly options: MutationOptions;
}

export interface DeleteInput extends ChangeInput {
  readonly deletePvcs: boolean;
  readonly ignoreNotFound: boolean;
  /** Keep the revisions and their archives. */
  readonly keepHistory?: boolean;
  /** False: run none of the chart's hooks. */
  readonly hooks?: boolean;
  /** Delete the release even if other releases depend on it. */
  readonly force: boolean;
}

/** Which release to roll back; revision 0 is the last applied one before the newest. */
export interface RollbackInput extends ChangeInput {
  readonly revision: number;
  /** False: run none of the chart's hooks. */
  readonly hooks?: boolean;
}
