import type { Caller } from '../../domain/access/caller.ts';
import type { WatchState } from '../cluster/watch-state.ts';
import type { ChartRepository } from './chart-repositories.ts';

/** What is kept of a repository that is added at run time. */
export type NewRepository = Pick<ChartRepository, 'name' | 'url' | 'access'>;

/** A Secret that cannot be used, and why; the reason quotes none of its values. */
export interface RefusedRepository {
  /** Name of the Secret. */
  readonly name: string;
  readonly reason: string;
}

/** Maximum repositories that can be added. */
export const MAX_REPOSITORIES = 100;

export interface RepositoryReader {
  /** Those that can be used, by name. The same object as long as the stored one is not changed. */
  all(): readonly ChartRepository[];
  /** Those that cannot be used, and were not written by Walm. */
  refused(): readonly RefusedRepository[];
  /** Keeps the view up to date until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves once all are known. */
  synced(): Promise<void>;
  watch(): WatchState | null;
}

/**
 * Changes in the name of the caller (null is Walm itself), seen in the view at once.
 * `Pass` is what adapters require in addition (server/ports/gate); use cases pass nothing.
 * Both throw ProblemError FORBIDDEN, ADMISSION_REFUSED, ADMISSION_UNAVAILABLE, QUOTA_EXCEEDED, CLUSTER_UNREACHABLE,
 * CLUSTER_FAILED.
 */
export interface RepositoryWriter<Pass extends readonly unknown[] = []> {
  /** Null if there is one of that name. */
  add(repository: NewRepository, caller: Caller | null, ...pass: Pass): Promise<ChartRepository | null>;
  /** False if there is none of that name. Also removes one that is refused. */
  remove(name: string, caller: Caller | null, ...pass: Pass): Promise<boolean>;
}

/** Chart repositories that were added at run time, shared by all replicas. */
export interface RepositoryStore extends RepositoryReader, RepositoryWriter {}
