import type { Caller } from '../../domain/access/caller.ts';
import type { Sharer } from '../../domain/access/sharer.ts';
import type { JudgedRevision } from '../../domain/seals/judged-revision.ts';
import type { ObjectRef } from './helm-release.ts';

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

/** Names a revision of a release, the newest where `revision` is absent. */
export type RevisionName = { namespace: string; name: string; revision?: number };
