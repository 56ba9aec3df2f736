import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';

/** Requests that have the same archive checked at the same time. */
export interface ArchiveUses {
  /**
   * Runs work that puts the archive with this digest into the chart folder and awaits its check by `checked`; `digest` is
   * undefined if there is no archive. A refused archive (CHART_*) is removed when the last of these requests has ended, so
   * that each of them gets the reason.
   */
  use<T>(digest: string | undefined, work: (checked: Checked) => Promise<T>): Promise<T>;
}

/** Notes whether a check refuses the archive. */
export type Checked = <T>(check: Promise<T>) => Promise<T>;

interface Use {
  count: number;
  isRefused: boolean;
  /** Ends when a refused archive of an earlier use has been removed. */
  readonly begins: Promise<void>;
}

/** `charts` is the folder of this server. */
export function createArchiveUses(charts: Pick<ChartFolder, 'remove'>): ArchiveUses {
  const uses = new Map<string, Use>();
  const removals = new Map<string, Promise<void>>();

  function begin(digest: string): Use {
    const use = uses.get(digest) ?? { count: 0, isRefused: false, begins: removals.get(digest) ?? Promise.resolve() };
    use.count += 1;
    uses.set(digest, use);
    return use;
  }

  async function end(digest: string, use: Use): Promise<void> {
    use.count -= 1;
    if (use.count > 0) {
      return;
    }
    uses.delete(digest);
    if (use.isRefused) {
      const removal = charts.remove(digest);
      removals.set(digest, removal);
      try {
        await removal;
      } finally {
        removals.delete(digest);
      }
    }
  }

  return {
    async use(digest, work) {
      if (digest === undefined) {
        return work((check) => check);
      }
      const use = begin(digest);
      try {
        await use.begins;
        return await work((check) => noting(use, check));
      } finally {
        await end(digest, use);
      }
    },
  };
}

async function noting<T>(use: Use, check: Promise<T>): Promise<T> {
  try {
    return await check;
  } catch (error) {
    use.isRefused ||= error instanceof ProblemError && error.code.startsWith('CHART_');
    throw error;
  }
}
