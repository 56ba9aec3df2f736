import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import { problem, type ProblemError } from '../../domain/errors/problem-error.ts';
import { releaseNotFound } from '../../domain/errors/release-problems.ts';
import { appliedRevision } from '../../domain/revisions/applied-revision.ts';
import { isNameFree, presentRevision } from '../../domain/revisions/history.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import { NO_SEAL } from '../../domain/seals/seal-state.ts';
import type { ReleaseTarget } from '../../ports/helm/engine-call.ts';
import type { NextRevision } from '../../ports/helm/helm-changes.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';
import { withJudgement } from './helm-judged.ts';
import { isInProgress } from '../../domain/revisions/helm-status.ts';

type Place = Pick<ReleaseTarget, 'namespace' | 'name'>;
type Given = Partial<HelmRelease> & Place & Pick<HelmRelease, 'revision'>;

/** The parts of a revision of a chart that renders to nothing. */
export const BLANK = {
  chartName: 'chart',
  chartVersion: '1.0.0',
  appVersion: '1',
  description: '',
  labels: {},
  config: {},
  computedValues: {},
  manifest: '',
  hooks: [],
  notes: '',
  chartMetadata: {},
  objects: [],
  releaseConfig: null,
  schemas: [],
  metaFiles: {},
  warnings: [],
} satisfies Partial<HelmRelease>;

/** The revisions that a Helm in memory has recorded, and the changes that Helm allows; none at first. */
export function createMemoryHistory(clock: Clock) {
  const records = new Map<string, HelmRelease[]>();
  const keyOf = ({ namespace, name }: Place) => releaseKey(namespace, name);
  const of = (place: Place): HelmRelease[] => (records.get(keyOf(place)) ?? []).map(withJudgement);

  /** A revision, or the newest; undefined if there is none. */
  function find(place: Place, wanted?: number): HelmRelease | undefined {
    return of(place).findLast(({ revision }) => wanted === undefined || revision === wanted);
  }

  /** A release that may be changed has a newest revision, and no operation in progress. */
  function newestFree(place: Place, { expectedRevision }: Pick<NextRevision, 'expectedRevision'>): HelmRelease {
    const newest = presentRevision(of(place));
    if (newest === undefined) {
      throw releaseNotFound(place.namespace, place.name);
    }
    refuseLocked(newest);
    if (expectedRevision !== undefined && expectedRevision !== newest.revision) {
      const facts = { revision: newest.revision, expected: expectedRevision };
      throw problem('REVISION_MISMATCH', `release ${newest.name} is at revision ${newest.revision}`, facts);
    }
    return newest;
  }

  return {
    of,
    find,
    newestFree,
    refuseLocked,
    /** @throws RELEASE_NOT_FOUND */
    existing(place: Place, wanted?: number): HelmRelease {
      const found = find(place, wanted);
      if (found === undefined) {
        throw wanted === undefined ? releaseNotFound(place.namespace, place.name) : revisionMissing(place, wanted);
      }
      return found;
    },
    /** Refuses a name in use: a name is free if every revision failed, or the newest is uninstalled. */
    refuseUsed(place: Place): void {
      const newest = presentRevision(of(place));
      if (newest === undefined) {
        return;
      }
      refuseLocked(newest);
      if (!isNameFree(of(place))) {
        const { revision, status } = newest;
        throw problem('RELEASE_EXISTS', `release ${place.name} exists in namespace ${place.namespace}`, {
          revision,
          status,
        });
      }
    },
    /** A revision of a chart that renders to nothing, except for what is given. */
    revisionOf(given: Given): HelmRelease {
      const at = timestamp(clock);
      const status = given.status ?? 'deployed';
      return {
        status,
        updated: at,
        firstDeployed: at,
        ...BLANK,
        description: `${status} it is`,
        computedValues: given.config ?? {},
        seal:
          readReleaseFacts(given.releaseConfig ?? null) === null
            ? NO_SEAL
            : { sealed: true, by: null, at, operation: 'install' },
        ...given,
      };
    },
    append(release: HelmRelease): void {
      records.set(keyOf(release), [...(records.get(keyOf(release)) ?? []), release]);
    },
    alter(place: Place, which: (record: HelmRelease) => boolean, change: Partial<HelmRelease>): void {
      const altered = of(place).map((record) => (which(record) ? { ...record, ...change } : record));
      records.set(keyOf(place), altered);
    },
    /**
     * Makes room, like the engine before it writes a further revision, by removing the oldest except the applied one.
     */
    makeRoom(place: Place, maxHistory: number, base?: number): void {
      let kept = of(place);
      const applied = appliedRevision(kept);
      for (const one of maxHistory > 0 ? kept : []) {
        if (kept.length >= maxHistory && ![applied?.revision, base].includes(one.revision)) {
          kept = kept.filter(({ revision }) => revision !== one.revision);
        }
      }
      records.set(keyOf(place), kept);
    },
    keepOnly(place: Place, which: (record: HelmRelease) => boolean): void {
      const kept = of(place).filter(which);
      records.set(keyOf(place), kept);
    },
  };
}

function refuseLocked({ namespace, name, revision, status, updated }: HelmRelease): void {
  if (isInProgress(status)) {
    const message = `release ${name} in namespace ${namespace} is locked: revision ${revision} is ${status} since ${updated}`;
    throw problem('RELEASE_LOCKED', message, { revision, status, since: updated });
  }
}

function revisionMissing({ namespace, name }: Place, revision: number): ProblemError {
  return problem('RELEASE_NOT_FOUND', `release ${name} in namespace ${namespace} has no revision ${revision}`, {
    revision,
  });
}
