import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
import { isNewerVersion } from '../../domain/charts/newer-version.ts';
import { repositoryOf } from '../../domain/charts/other-version.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { ChartRepository, RepositoriesNow } from '../../ports/helm/chart-repositories.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import type { IndexPosition } from '../../ports/helm/helm-chart.ts';
import type { HelmControl } from '../../ports/helm/helm-control.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { isRegistry } from './list-repositories.ts';

export interface NewerVersionsDeps {
  readonly repositories: RepositoriesNow;
  readonly engine: Pick<HelmCharts, 'listRepository'> & Pick<HelmControl, 'info'>;
  readonly cache: Pick<ReleaseCache, 'list'>;
}

/**
 * What is known of newer versions of the charts of releases. It comes from indexes that are in the engine's memory after
 * lists, searches, checks and installs, with the repository's own credentials, whose index any valid token may list. No
 * repository is ever asked for it.
 */
export interface NewerVersions {
  /** The newest stable version for this cluster above the one that is installed; null: none is known. */
  of(record: Pick<ReleaseRecord, 'facts' | 'chartVersion'>): NonNullable<ReleaseInfo['newerVersion']> | null;
  /** The index of the repository was read just now, maybe for this chart; soon `of` knows what it says. Never throws. */
  seen(repository: ChartRepository, chart?: string): void;
  /** Resolves once everything seen is known. */
  drain(): Promise<void>;
}

/** Charts of one repository that are looked at; more than any cluster has. */
const MAX_CHARTS = 2_000;
/** Pages of one answer: so many as all of them take. */
const MAX_PAGES = 20;

/** What is known of one repository. */
interface Known {
  /** The newest stable version of each chart that this cluster can run. */
  newest: ReadonlyMap<string, string>;
  /** Charts that were asked for before a release of them was there. */
  readonly asked: Set<string>;
  running: Promise<void> | null;
  again: boolean;
}

export function createNewerVersions({ repositories, engine, cache }: NewerVersionsDeps): NewerVersions {
  const known = new WeakMap<ChartRepository, Known>();
  const running = new Set<Promise<void>>();

  async function chartsOf(repository: ChartRepository, asked: ReadonlySet<string>): Promise<string[]> {
    const used = (await cache.list()).flatMap(({ facts }) => {
      const [name, chart] = facts?.source?.kind === 'repository' ? repositoryOf(facts.source) : ['', ''];
      return name === repository.name ? [chart] : [];
    });
    return [...new Set([...used, ...asked])].slice(0, MAX_CHARTS);
  }

  async function read(repository: ChartRepository, entry: Known): Promise<void> {
    const names = await chartsOf(repository, entry.asked);
    const source = { ...repository.access, url: repository.url };
    const newest = new Map<string, string>();
    let from: IndexPosition | null = null;
    for (let page = 0; page < MAX_PAGES && names.length > 0; page += 1) {
      const part: Awaited<ReturnType<typeof engine.listRepository>> = await engine.listRepository(source, {
        names,
        stableFor: engine.info()?.kubernetesVersion ?? 'unknown',
        inMemory: true,
        ...(from !== null && { from }),
      });
      for (const { name, versions } of part.charts) {
        if (versions[0] !== undefined) newest.set(name, versions[0].version);
      }
      from = part.next;
      if (from === null) break;
    }
    entry.newest = newest;
  }

  /** At most one reading of a repository at a time, and one more for all that is seen meanwhile. */
  async function readAll(repository: ChartRepository, entry: Known): Promise<void> {
    do {
      entry.again = false;
      // What is known stays known if the engine is busy or gone: the next reading tells again.
      await read(repository, entry).catch(() => undefined);
    } while (entry.again);
    entry.running = null;
  }

  return {
    of({ facts, chartVersion }) {
      const source = facts?.source;
      if (source?.kind !== 'repository') {
        return null;
      }
      const [repoName, chart] = repositoryOf(source);
      const repository = repositories().find(({ name }) => name === repoName);
      const version = repository && known.get(repository)?.newest.get(chart);
      return version !== undefined && isNewerVersion(version, chartVersion) ? { repoName, version } : null;
    },
    seen(repository, chart) {
      if (isRegistry(repository)) {
        return;
      }
      const entry = known.get(repository) ?? { newest: new Map(), asked: new Set(), running: null, again: false };
      known.set(repository, entry);
      if (chart !== undefined && entry.asked.size < MAX_CHARTS) {
        entry.asked.add(chart);
      }
      if (entry.running !== null) {
        entry.again = true;
        return;
      }
      const started = readAll(repository, entry);
      entry.running = started;
      running.add(started);
      void started.finally(() => running.delete(started));
    },
    async drain() {
      while (running.size > 0) {
        await Promise.all(running);
      }
    },
  };
}
