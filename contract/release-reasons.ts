import { isBusy, type JudgedRelease, newestRevision } from './release-standing.ts';
import type { TaskInfo } from './schemas/task.ts';

/** The sentences of `releaseCan`, each in one place: without capital and full stop, as in messages of errors. */

/** In the words of the original Walm. */
export const CHART_MISSING = 'at lease one of chart name or chart image or chart files should be supported';

type Named = Pick<JudgedRelease, 'namespace' | 'name'>;

/** `the release shop/web`. */
export function theRelease({ namespace, name }: Named): string {
  return `the release ${namespace}/${name}`;
}

/**
 * There is no such release, in the words of the original Walm. A moment ago a first install failed, or a delete ended before
 * all objects were gone: their names are in its error.
 */
export function notFound({ name, task }: Named & Pick<JudgedRelease, 'task'>): string {
  const text = `release ${name} is not found`;
  if (task?.operation === 'delete' && task.error?.code === 'OPERATION_TIMEOUT') {
    return `${text}: its delete has removed it, and left what was not gone in time (${task.error.message})`;
  }
  if (task?.operation !== 'install' || (task.state !== 'failed' && task.state !== 'cancelled')) {
    return text;
  }
  const what = task.state === 'failed' ? 'failed' : 'was cancelled';
  return `${text}: its first install ${what} and was taken back, install it again`;
}

/** Nothing is recorded of a release that is not there, or not yet. */
export function nothingRecorded(release: JudgedRelease): string {
  return isBusy(release.task)
    ? `release ${release.name} is not found: nothing of it is recorded before it is installed`
    : notFound(release);
}

export function exists(release: JudgedRelease): string {
  return `${theRelease(release)} exists already, at revision ${newestRevision(release)}: upgrade it`;
}

/** In the words of the engine, which finds it out. */
export function chartNotRecorded({ namespace, name }: Named): string {
  return `Helm's record of release ${namespace}/${name} does not hold the subcharts of its chart: send the chart`;
}

export function unreadable(release: JudgedRelease): string {
  return `the newest record of ${theRelease(release)} cannot be read`;
}

export function noSuchRevision({ name }: Named, revision: number, kept: readonly number[]): string {
  return `release ${name} has no revision ${revision}${keptText(kept)}`;
}

export function noEarlierRevision({ name }: Named, kept: readonly number[]): string {
  return `release ${name} has no earlier revision that was applied${keptText(kept)}`;
}

function keptText(kept: readonly number[]): string {
  const numbers = kept.toSorted((a, b) => a - b).join(', ');
  return kept.length === 0 ? '' : `: ${numbers} ${kept.length === 1 ? 'is' : 'are'} kept`;
}

/** The releases that depend on one, as `namespace/name`, and the number of those that are not named. */
export interface Dependents {
  readonly named: readonly string[];
  readonly hidden: number;
}

/** `the releases a/b and c/d and 2 releases that you may not list depend on shop/web; …`. */
export function hasDependents({ namespace, name }: Named, { named, hidden }: Dependents): string {
  const texts = [
    ...(named.length === 0 ? [] : [`${named.length === 1 ? 'the release' : 'the releases'} ${named.join(', ')}`]),
    ...(hidden === 0 ? [] : [`${hidden} ${hidden === 1 ? 'release' : 'releases'} that you may not list`]),
  ];
  const verb = named.length + hidden === 1 ? 'depends' : 'depend';
  return `${texts.join(' and ')} ${verb} on ${namespace}/${name}; force=true deletes it nevertheless`;
}

/** An earlier change of Walm is under way. */
export function taskFirst(release: JudgedRelease): string {
  const { operation = 'change', id = '' } = release.task ?? {};
  return `another change of ${theRelease(release)} is under way (${operation}, task ${id}): this one waits for its turn`;
}

/** Another Helm client's operation holds the release; `since` is RFC 3339. */
export function lockedSince({ status, since }: { status: string; since: string }): string {
  return `locked by helm since ${since} (${status})`;
}

export function lockFirst(release: JudgedRelease): string {
  return `${theRelease(release)} is ${lockOf(release)}: this change waits until that ends; force=true ends it at once`;
}

/** In the words of the engine, which renders for no release that is in the middle of another revision. */
export function lockedNow({ namespace, name, attempt }: JudgedRelease): string {
  const { revision, status, at } = attempt ?? { revision: 0, status: 'pending', at: '' };
  return `release ${name} in namespace ${namespace} is locked: revision ${revision} is ${status} since ${at}; wait for that operation, or force its end`;
}

/** No task of Walm holds it. */
export function lockIsNoTask(release: JudgedRelease): string {
  return `${noTask(release)}; it is ${lockOf(release)}: a change with force=true ends that`;
}

export function noTask(release: Named): string {
  return `no task of ${theRelease(release)} is under way`;
}

export function taskFinished({
  id,
  namespace,
  release,
  state,
}: Pick<TaskInfo, 'id' | 'namespace' | 'release' | 'state'>) {
  return `task ${id} of release ${namespace}/${release} cannot be cancelled: it is ${state}`;
}

/** No pod of it has logs. */
export function noPod({ message = '' }: JudgedRelease): string {
  return `there is no pod${message === '' ? '' : `: ${message}`}`;
}

function lockOf({ attempt, status }: JudgedRelease): string {
  return lockedSince({ status: attempt?.status ?? status, since: attempt?.at ?? '' });
}
