/** A change, or a read of secrets: who requested what, and the result. Contains no values and no secret. */
export type AuditEntry = {
  /** `request`: a change was requested over the API, and answered. `task`: an accepted one ended. */
  event: 'request' | 'task';
  /** User; null is Walm itself, or anyone if no authentication is configured. */
  who: string | null;
  /** The user's groups; absent if `who` is null. */
  groups?: readonly string[];
  /** The operation: `installRelease` of a request, `install` of a task. */
  what: string;
  namespace?: string;
  release?: string;
  project?: string;
  /** Id of the task that carries it out. */
  task?: string;
  /** Name of the Secret that was read or changed. */
  secret?: string;
  node?: string;
  pod?: string;
  /** Name of the persistent volume claim. */
  claim?: string;
  tenant?: string;
  /** Name of the chart repository. */
  repository?: string;
  /** `accepted`: a task carries on. `refused`: nothing was changed. `failed`: something may have been changed. */
  result: 'succeeded' | 'accepted' | 'refused' | 'failed' | 'cancelled';
  /** Why it was refused or failed: a code of the error catalogue. */
  code?: string;
  /** Status of the answer to a request. */
  status?: number;
  /** Helm's revision that a task wrote. */
  revision?: number;
  requestId: string;
  durationMs: number;
};

/** The audit log of all changes, and of reads of secrets. */
export interface AuditLog {
  /** Never throws: a failed write of the log does not stop a change. */
  write(entry: AuditEntry): void;
}
