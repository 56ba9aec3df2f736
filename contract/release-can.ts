import type { ProblemCode } from './problems/problem.ts';
import type { RevisionSummary } from './schemas/release-history.ts';
import * as say from './release-reasons.ts';
import {
  hasAttempt,
  isBusy,
  isLocked,
  isThere,
  type JudgedRelease,
  mayHavePods,
  newestRevision,
  standingOf,
} from './release-standing.ts';

/** Everything that can be asked for of a release. */
export const RELEASE_ACTIONS = [
  'install',
  'upgrade',
  'dryrun',
  'pause',
  'recover',
  'restart',
  'rollback',
  'delete',
  'adopt',
  'detach',
  'test',
  'cancel',
  'edit',
  'export',
  'drift',
  'history',
  'values',
  'manifest',
  'logs',
] as const;
export type ReleaseAction = (typeof RELEASE_ACTIONS)[number];

/**
 * What else is known, about the request or out of other answers. What is absent counts as unknown: then the judgement
 * is the most favourable one, and the server may still refuse.
 */
export interface Known {
  /** `install`, `upgrade`, `dryrun`: whether the request names or brings a chart. */
  readonly chart?: boolean;
  /** `upgrade`: false if Helm's record lacks the subcharts of the chart, and Walm has no archive of it. */
  readonly chartRecorded?: boolean;
  /** `rollback`: the wanted revision; absent or 0 is the one that was applied before. */
  readonly revision?: number;
  /** `rollback`: the kept revisions as `listRevisions` shows them, in any order. */
  readonly revisions?: readonly Pick<RevisionSummary, 'revision' | 'applied'>[];
  /** `delete`: the releases that depend on it, as `namespace/name`, and the number of those that are not named. */
  readonly dependents?: say.Dependents;
  /** `delete`: the parameter `force`. */
  readonly force?: boolean;
  /** `delete`: the parameter `ignoreNotFound`. */
  readonly ignoreNotFound?: boolean;
  /** `cancel`: the newest task of the release, which its answer lacks once it has succeeded. */
  readonly task?: JudgedRelease['task'];
}

/** A code that a refusal of `releaseCan` may have. */
type RefusalCode = Extract<
  ProblemCode,
  | 'CHART_MISSING'
  | 'CHART_NOT_RECORDED'
  | 'RELEASE_EXISTS'
  | 'RELEASE_HAS_DEPENDENTS'
  | 'RELEASE_LOCKED'
  | 'RELEASE_NOT_FOUND'
  | 'RELEASE_PAUSED'
  | 'RELEASE_UNREADABLE'
  | 'REVISION_NOT_FOUND'
  | 'TASK_FINISHED'
>;

/** A judgement: `reason` is a sentence without capital and full stop, as in messages of errors. */
export type Verdict =
  | { readonly can: 'yes'; readonly reason: '' }
  /** It is accepted, and judged again when its turn comes. */
  | { readonly can: 'waits'; readonly reason: string }
  /** It is accepted, and changes nothing. */
  | { readonly can: 'nothing'; readonly reason: string }
  /** It is refused with this code; without one, there is nothing to refuse it, but also nothing to see. */
  | { readonly can: 'no'; readonly code?: RefusalCode; readonly reason: string };

const YES = { can: 'yes', reason: '' } as const satisfies Verdict;
const waits = (reason: string): Verdict => ({ can: 'waits', reason });
const nothing = (reason: string): Verdict => ({ can: 'nothing', reason });
const no = (code: RefusalCode, reason: string): Verdict => ({ can: 'no', code, reason });

/**
 * Whether something can be done with a release now, and if not, why: the only source of these reasons. The server
 * refuses with the code and the sentence of `no`, walmctl and the console show them before anything is sent. It judges
 * by what the API shows of the release and by `known`; it asks nothing, and rights are another question (`getAccess`).
 */
export function releaseCan(release: JudgedRelease, action: ReleaseAction, known: Known = {}): Verdict {
  switch (action) {
    case 'install':
      return install(release, known);
    case 'upgrade':
      return change(release, () =>
        known.chart !== true && known.chartRecorded === false
          ? no('CHART_NOT_RECORDED', say.chartNotRecorded(release))
          : YES,
      );
    case 'dryrun':
      return dryrun(release, known);
    case 'pause':
      return change(release, () =>
        release.paused && !hasAttempt(release) ? nothing(`${say.theRelease(release)} is paused already`) : YES,
      );
    case 'recover':
      return change(release, () =>
        release.paused || hasAttempt(release) ? YES : nothing(`${say.theRelease(release)} is not paused`),
      );
    case 'restart':
      return isLocked(release) && !isBusy(release.task) ? restart(release) : change(release, () => restart(release));
    case 'rollback':
      return change(release, () => rollback(release, known));
    case 'delete':
      return remove(release, known);
    case 'adopt':
      return change(release, () =>
        release.outside === undefined ? nothing(`Walm wrote the applied revision of ${say.theRelease(release)}`) : YES,
      );
    case 'detach':
      return change(release, () =>
        release.outside?.managed === false
          ? nothing(`${say.theRelease(release)} is plain Helm's already`)
          : release.paused
            ? paused(release, 'nobody else could recover it, recover it first')
            : YES,
      );
    case 'test':
      return change(release, () => test(release));
    case 'cancel':
      return cancel(release, known);
    case 'edit':
    case 'export':
    case 'drift':
    case 'history':
    case 'values':
    case 'manifest':
      return isThere(release) ? YES : no('RELEASE_NOT_FOUND', say.nothingRecorded(release));
    case 'logs':
      return mayHavePods(release) ? YES : { can: 'no', reason: say.noPod(release) };
    default:
      return action satisfies never;
  }
}

/** Judges a change: one after the other, and none of what is not there. */
function change(release: JudgedRelease, judge: () => Verdict): Verdict {
  const standing = standingOf(release);
  switch (standing) {
    case 'absent':
      return no('RELEASE_NOT_FOUND', say.notFound(release));
    case 'changing':
      return waits(say.taskFirst(release));
    case 'locked':
      return waits(say.lockFirst(release));
    case 'unreadable':
      return no('RELEASE_UNREADABLE', say.unreadable(release));
    case 'still':
      return judge();
    default:
      return standing satisfies never;
  }
}

function install(release: JudgedRelease, known: Known): Verdict {
  const standing = standingOf(release);
  switch (standing) {
    case 'absent':
      return known.chart === false ? no('CHART_MISSING', say.CHART_MISSING) : YES;
    case 'changing':
      return waits(say.taskFirst(release));
    case 'locked':
      return waits(say.lockFirst(release));
    case 'unreadable':
    case 'still':
      // Where nothing was ever applied, the name is free.
      return release.status === 'failed' ? YES : no('RELEASE_EXISTS', say.exists(release));
    default:
      return standing satisfies never;
  }
}

/** It is rendered on top of the applied revision, which another one may be as soon as a pending one has ended. */
function dryrun(release: JudgedRelease, { chart }: Known): Verdict {
  if (!isThere(release) && chart === false) {
    return no('CHART_MISSING', say.CHART_MISSING);
  }
  return isLocked(release) ? no('RELEASE_LOCKED', say.lockedNow(release)) : YES;
}

/** It writes no revision, and so waits for no other Helm client. */
function restart(release: JudgedRelease): Verdict {
  return release.paused ? paused(release, 'it has no pods, recover it first') : YES;
}

function rollback(release: JudgedRelease, { revision = 0, revisions }: Known): Verdict {
  const newest = newestRevision(release);
  if (revisions === undefined) {
    return revision > 0 || newest > 1 ? YES : no('REVISION_NOT_FOUND', say.noEarlierRevision(release, []));
  }
  const kept = revisions.map((one) => one.revision);
  if (revision > 0) {
    return kept.includes(revision) ? YES : no('REVISION_NOT_FOUND', say.noSuchRevision(release, revision, kept));
  }
  return revisions.some((one) => one.applied && one.revision < newest)
    ? YES
    : no('REVISION_NOT_FOUND', say.noEarlierRevision(release, kept));
}

/** Dependents come first: they are asked for before anything is read of the release itself. */
function remove(release: JudgedRelease, { dependents, force = false, ignoreNotFound = false }: Known): Verdict {
  if (!force && dependents !== undefined && dependents.named.length + dependents.hidden > 0) {
    return no('RELEASE_HAS_DEPENDENTS', say.hasDependents(release, dependents));
  }
  if (ignoreNotFound && standingOf(release) === 'absent') {
    return nothing(say.notFound(release));
  }
  return change(release, () => YES);
}

/** Its tests would wait for pods that a paused release does not have (record 0090). */
function test(release: JudgedRelease): Verdict {
  if (release.paused) {
    return paused(release, 'its tests would find no pods, recover it first');
  }
  return release.tests === 0 && !hasAttempt(release)
    ? nothing(`the chart of ${say.theRelease(release)} has no tests`)
    : YES;
}

function cancel(release: JudgedRelease, known: Known): Verdict {
  const task = known.task ?? release.task;
  if (isBusy(task)) {
    return YES;
  }
  const reason =
    task !== undefined ? say.taskFinished(task) : isLocked(release) ? say.lockIsNoTask(release) : say.noTask(release);
  return no('TASK_FINISHED', reason);
}

function paused(release: JudgedRelease, why: string): Verdict {
  return no('RELEASE_PAUSED', `${say.theRelease(release)} is paused: ${why}`);
}
