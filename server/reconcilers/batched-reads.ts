import { ProblemError } from '../domain/problem-error.ts';
import type { HelmEngine, RevisionName } from '../ports/helm-engine.ts';
import type { HelmRelease } from '../ports/helm-release.ts';

type Waiting = {
  wanted: RevisionName;
  resolve: (release: HelmRelease | null) => void;
  reject: (error: unknown) => void;
};

/**
 * Reads revisions one by one for its callers and several at once from the engine: what is asked for while nothing
 * else happens goes into one request of at most `most` revisions. Rejects with what is wrong with that revision.
 */
export function createBatchedReads(engine: Pick<HelmEngine, 'getReleases'>, most: number) {
  const waiting: Waiting[] = [];

  async function readAll(batch: Waiting[]): Promise<void> {
    try {
      const found = await engine.getReleases(batch.map(({ wanted }) => wanted));
      batch.forEach(({ resolve, reject }, index) => {
        const release = found[index] ?? null;
        if (release instanceof ProblemError) reject(release);
        else resolve(release);
      });
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
    }
  }

  function send(): void {
    while (waiting.length > 0) {
      void readAll(waiting.splice(0, most));
    }
  }

  return (wanted: RevisionName): Promise<HelmRelease | null> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) queueMicrotask(send);
      waiting.push({ wanted, resolve, reject });
    });
}
