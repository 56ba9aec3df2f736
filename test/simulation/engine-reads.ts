import { fatesOf } from '../../server/adapters/memory/helm-kept.ts';
import { createMemoryLive } from '../../server/adapters/memory/helm-live.ts';
import { releaseNotFound } from '../../server/domain/errors/release-problems.ts';
import type { JsonObject } from '../../server/domain/json/json.ts';
import { type Clock, timestamp } from '../../server/ports/runtime/clock.ts';
import type { ReleaseTarget } from '../../server/ports/helm/engine-call.ts';
import type { ReleaseTestRequest, ReleaseTestRun } from '../../server/ports/helm/helm-changes.ts';
import type { ForetellRequest, ForetoldRemoval, LiveComparison } from '../../server/ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../server/ports/helm/helm-release.ts';
import { pathOfObject } from './api-naming.ts';
import { refuseLocked } from './engine-revisions.ts';
import type { Requests } from './record-secrets.ts';

export interface ReadsDeps {
  target: ReleaseTarget;
  requests: Requests;
  /** Oldest first. */
  history: () => Promise<HelmRelease[]>;
  clock: Clock;
}

/** The reading verbs for one release, and its test hooks, all of which succeed. */
export function createReads({ target, requests, history, clock }: ReadsDeps) {
  const { namespace, name } = target;

  /** The given revision, or the newest. */
  async function find(revision?: number): Promise<HelmRelease | undefined> {
    return (await history()).findLast((one) => revision === undefined || one.revision === revision);
  }

  async function existing(revision?: number): Promise<HelmRelease> {
    const found = await find(revision);
    if (found === undefined) throw releaseNotFound(namespace, name);
    return found;
  }

  return {
    find,
    async foretell({ except, keepsAll, applied, rendered }: ForetellRequest): Promise<ForetoldRemoval> {
      if (applied !== undefined || rendered === true) throw new Error('the simulated engine foretells removals only');
      const newest = await existing();
      const goal = except === undefined ? undefined : await find(except);
      return { revision: newest.revision, objects: keepsAll === true ? [] : fatesOf(newest, goal), warnings: [] };
    },
    async test(request: ReleaseTestRequest): Promise<ReleaseTestRun[]> {
      const newest = await existing();
      refuseLocked(newest);
      return createMemoryLive().test(newest, request, timestamp(clock));
    },
    async compare(revision?: number): Promise<LiveComparison[]> {
      const { objects } = await existing(revision);
      return Promise.all(
        objects.map(async ({ index, source, apiVersion, kind, name: called, object: recorded }) => {
          const path = pathOfObject({ apiVersion, kind, namespace, name: called });
          const live = await requests.read(`live ${kind} ${called}`, (api): JsonObject | null => {
            const found = api.list(path.slice(0, path.lastIndexOf('/'))).items;
            return (found.find(({ metadata }) => metadata.name === called) as JsonObject | undefined) ?? null;
          });
          // The fields of the document over those of the object.
          const applied = live === null ? null : { ...live, ...recorded, metadata: live['metadata'] ?? null };
          const outcome = live === null ? ('missing' as const) : ('compared' as const);
          return {
            index,
            source,
            apiVersion,
            kind,
            namespace,
            name: called,
            recorded,
            live,
            applied,
            outcome,
            message: '',
          };
        }),
      );
    },
  };
}
