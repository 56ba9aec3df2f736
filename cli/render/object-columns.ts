import type { ObjectType } from '../table/object-types.ts';
import { clusterColumns } from './cluster-columns.ts';
import { ageColumn, column, type ObjectColumns } from './columns.ts';
import { at, listAt, textAt } from './read-value.ts';
import { formatScalar } from './scalar.ts';

/** One word for the state of a release: the phase of the API, or who else holds it. */
export function releaseState(release: unknown): string {
  if (textAt(release, 'status') === 'unreadable') return 'unreadable';
  if (textAt(release, 'status').startsWith('pending') && at(release, 'task') === undefined) return 'locked';
  const phase = textAt(release, 'phase');
  const isSettled = phase !== 'changing' && phase !== 'failed';
  if (at(release, 'outside') !== undefined && isSettled) {
    return at(release, 'outside', 'revision') === 0 ? 'foreign' : 'outside';
  }
  if (phase !== '') return phase;
  if (['queued', 'running'].includes(textAt(release, 'task', 'state'))) return 'changing';
  if (at(release, 'paused') === true) return 'paused';
  if (textAt(release, 'status') === 'failed') return 'failed';
  return at(release, 'ready') === true ? 'ready' : 'progressing';
}

/** Ready pods of all: `1/3`; where the server does not count them, whether the release is ready. */
export function readyPods(release: unknown): string {
  const pods = at(release, 'pods');
  if (pods === undefined) return at(release, 'ready') === true ? 'yes' : 'no';
  return `${formatScalar(at(pods, 'ready'))}/${formatScalar(at(pods, 'total'))}`;
}

/** Name and version of a chart: `kafka 6.1.0`. */
export function chartOf(release: unknown): string {
  return [textAt(release, 'chartName'), textAt(release, 'chartVersion')].filter((text) => text !== '').join(' ');
}

function sourceOf(release: unknown): string {
  return textAt(release, 'chartImage') || textAt(release, 'repoName');
}

function releaseColumns(now: number): ObjectColumns {
  return {
    table: [
      column('NAME', 'name'),
      column('REVISION', 'version'),
      { head: 'STATUS', cell: releaseState },
      { head: 'READY', cell: readyPods },
      { head: 'CHART', cell: chartOf },
      ageColumn(now, 'updated'),
      column('MESSAGE', 'message'),
    ],
    wide: [
      column('APP-VERSION', 'chartAppVersion'),
      column('PROJECT', 'project'),
      column('LATEST', 'latestChartVersion'),
      { head: 'SOURCE', cell: sourceOf },
      {
        head: 'TASK',
        cell: (value) => [textAt(value, 'task', 'operation'), textAt(value, 'task', 'state')].join(' ').trim(),
      },
    ],
    cut: 'MESSAGE',
  };
}

function projectColumns(now: number): ObjectColumns {
  const countReady = (project: unknown): string => {
    const releases = listAt(project, 'releases');
    return `${releases.filter((release) => at(release, 'ready') === true).length}/${releases.length}`;
  };
  return {
    table: [
      column('NAME', 'name'),
      { head: 'RELEASES', cell: (value) => `${listAt(value, 'releases').length}` },
      { head: 'READY', cell: countReady },
      ageColumn(now, 'updated'),
      column('MESSAGE', 'message'),
    ],
    wide: [
      {
        head: 'TASK',
        cell: (value) => [textAt(value, 'task', 'operation'), textAt(value, 'task', 'state')].join(' ').trim(),
      },
    ],
    cut: 'MESSAGE',
  };
}

/** What a task changes: `demo/kafka`, `project demo/shop`. */
export function taskTarget(task: unknown): string {
  const project = textAt(task, 'project');
  const name = project === '' ? textAt(task, 'release') : project;
  return `${project === '' ? '' : 'project '}${textAt(task, 'namespace')}/${name}`;
}

function progressOf(task: unknown): string {
  const phase = textAt(task, 'progress', 'phase');
  const total = at(task, 'progress', 'total');
  return total === undefined ? phase : `${phase} ${formatScalar(at(task, 'progress', 'done'))}/${formatScalar(total)}`;
}

function taskColumns(now: number): ObjectColumns {
  return {
    table: [
      column('ID', 'id'),
      column('OPERATION', 'operation'),
      { head: 'TARGET', cell: taskTarget },
      column('STATE', 'state'),
      { head: 'PROGRESS', cell: progressOf },
      ageColumn(now, 'createdAt'),
    ],
    wide: [
      column('BY', 'caller'),
      column('ATTEMPT', 'attempt'),
      column('WAITS-FOR', 'waitsFor'),
      {
        head: 'ERROR',
        cell: (value) => [textAt(value, 'error', 'code'), textAt(value, 'error', 'message')].filter(Boolean).join(': '),
      },
    ],
    cut: 'ERROR',
  };
}

function pluginColumns(): ObjectColumns {
  return {
    table: [
      column('NAME', 'name'),
      column('VERSION', 'version'),
      {
        head: 'ARGS',
        cell: (value) => Object.keys((at(value, 'args', 'properties') as object | undefined) ?? {}).join(','),
      },
      { head: 'DESCRIPTION', cell: (value) => textAt(value, 'description').split(/\n|(?<=\.)\s/)[0] ?? '' },
    ],
    wide: [column('HOOKS', 'touchesHooks'), column('BUILT-IN', 'builtIn')],
    cut: 'DESCRIPTION',
  };
}

/** The columns of a type. `now` is milliseconds since 1970. */
export function columnsOf(type: ObjectType, now: number): ObjectColumns {
  switch (type) {
    case 'release':
      return releaseColumns(now);
    case 'project':
      return projectColumns(now);
    case 'task':
      return taskColumns(now);
    case 'plugin':
      return pluginColumns();
    default:
      return clusterColumns(type, now);
  }
}
