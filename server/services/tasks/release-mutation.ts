import type { ReleaseTests } from '../../../contract/schemas/release-check.ts';
import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import type { TaskInfo } from '../../../contract/schemas/task.ts';
import type { ObjectRef, Warning } from '../../../contract/schemas/warning.ts';
import type { StoredChart } from '../../ports/helm/helm-chart.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { Task } from '../../domain/tasks/task.ts';

/** A chart archive that a request brought: it lies in the chart folder, and the engine has accepted it as a chart. */
export type UploadedArchive = StoredChart & {
  /** As the client called it; for people only. */
  readonly fileName: string;
};

/** How a caller waits for a change. */
export interface Waiting {
  /** Milliseconds; absent is the default of decision 28. */
  readonly timeoutMs?: number;
}

/** What holds for every change of a release, whoever waits for it. */
export interface ChangeTerms {
  readonly requestId: string;
  /** Present: nobody asks for it, Walm acts in the name of `caller`. */
  readonly unattended?: NonNullable<Task['unattended']>;
  /** Null is Walm's own identity. */
  readonly caller: Caller | null;
  /** True: what would be a warning is a REQUEST_INVALID. */
  readonly strict?: boolean;
  /** Repetitions of a request with the same key get the outcome of the first. */
  readonly idempotencyKey?: string;
  /** Refuse with REVISION_MISMATCH unless this is the release's newest revision. */
  readonly expectedRevision?: number;
  /** End somebody else's unfinished operation instead of waiting for it. */
  readonly force?: boolean;
  /** Helm's timeout for hooks and waits, in milliseconds; absent is the server's. */
  readonly operationTimeoutMs?: number;
  /** What the API already found odd about the request; part of the task's warnings. */
  readonly warnings: readonly Warning[];
}

/** A change as it is asked for: its terms, and how its caller waits; null: the caller has the task and does not. */
export interface MutationOptions extends ChangeTerms {
  readonly waiting: Waiting | null;
}

/** What became of a change. A task that failed is thrown as its ProblemError instead. */
export interface MutationOutcome {
  /** Null when there was nothing to do: a delete with `ignoreNotFound` of a release that does not exist. */
  readonly task: TaskInfo | null;
  /** False: accepted, still queued or running. */
  readonly finished: boolean;
  /** The task's, those of the request among them. */
  readonly warnings: readonly Warning[];
  /** Of a pause that is done: what it could not stop. */
  readonly notPaused?: readonly ObjectRef[];
  /** Of a test that is done: how it went. */
  readonly tests?: ReleaseTests;
}

/** An install or an upgrade. */
export interface ApplyInput {
  readonly namespace: string;
  readonly request: ReleaseRequest;
  /** Wins over every source that the request names. */
  readonly archive?: UploadedArchive;
  readonly createNamespace: boolean;
  readonly crds: 'create' | 'skip' | 'apply';
  /** Wait until the releases that it depends on are ready (decision 39). */
  readonly waitReady: boolean;
  /** A dependency may name a release that does not exist. */
  readonly allowMissing: boolean;
  /** Absent for a release that no project operation changes. */
  readonly membership?: { project: string; commonValues: JsonObject };
  /** Wait until the release is ready. */
  readonly wait?: boolean;
  /** Take over fields that another manager owns. */
  readonly forceConflicts?: boolean;
  /** Upgrade what exists, install what does not. */
  readonly upsert?: boolean;
  /** Make objects anew whose immutable fields change. */
  readonly recreate?: 'orphan' | 'delete';
  /** False: run none of the chart's hooks. */
  readonly hooks?: boolean;
  readonly options: MutationOptions;
}

/** Which release to change, where nothing else has to be said. */
export interface ChangeInput {
  readonly namespace: string;
  readonly release: string;
  readonly options: MutationOptions;
}

export interface DeleteInput extends ChangeInput {
  readonly deletePvcs: boolean;
  readonly ignoreNotFound: boolean;
  /** Keep the revisions, and the archives that they were made from. */
  readonly keepHistory?: boolean;
  /** False: run none of the chart's hooks. */
  readonly hooks?: boolean;
  /** Delete it although other releases depend on it. */
  readonly force: boolean;
}

/** Which release to roll back; revision 0 is the one that was in force before. */
export interface RollbackInput extends ChangeInput {
  readonly revision: number;
  /** False: run none of the chart's hooks. */
  readonly hooks?: boolean;
}
