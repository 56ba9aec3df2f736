import type { Caller } from '../../domain/access/caller.ts';
import type { Sharer } from '../../domain/access/sharer.ts';
import type { JudgedRevision } from '../../domain/seals/judged-revision.ts';
import type { ObjectRef } from './helm-release.ts';

/** Progress of a running operation: `done` of `total` if the number of objects is known. */
export type EngineProgress = {
  phase: 'fetch' | 'crds' | 'render' | 'validate' | 'hooks' | 'apply' | 'wait' | 'record' | 'delete';
  message: string;
  object?: ObjectRef;
  done?: number;
  total?: number;
};

/** The context of a call. Aborting `signal` cancels the operation; the promise settles when its work has ended. */
export type EngineCall = {
  signal?: AbortSignal;
  /** Appears in the engine's log lines. */
  requestId?: string;
  onProgress?: (progress: EngineProgress) => void;
  /** Whose share of loading charts the call counts against; for releases that is the identity of the target. */
  sharer?: Sharer;
};

/** Names a release and the identity to use for it (null: Walm's own identity). */
export type ReleaseTarget = {
  identity: Caller | null;
  namespace: string;
  name: string;
  /**
   * For automatic changes: the newest revision, the applied one, and any other that is used, as they were judged. The
   * release is read once; RELEASE_NOT_SEALED if one of them has changed by then or a further one would be used,
   * REVISION_MISMATCH if there is a newer one. Objects that do not belong to the release are not deleted.
   */
  judged?: readonly JudgedRevision[];
};

/** Names a revision of a release, the newest if `revision` is absent. */
export type RevisionName = { namespace: string; name: string; revision?: number };
