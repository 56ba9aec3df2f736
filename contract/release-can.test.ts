import { describe, expect, test } from 'vitest';
import { type Known, RELEASE_ACTIONS, type ReleaseAction, releaseCan } from './release-can.ts';
import { absentRelease, type JudgedRelease } from './release-standing.ts';
import type { TaskInfo } from './schemas/task.ts';

const task = (state: TaskInfo['state'], operation: TaskInfo['operation'] = 'upgrade'): TaskInfo => ({
  id: 't1',
  operation,
  namespace: 'shop',
  release: 'web',
  state,
  attempt: 1,
  caller: null,
  requestId: 'r',
  createdAt: '2026-01-01T00:00:00Z',
  warnings: [],
});

const absent = absentRelease('shop', 'web');
const running: JudgedRelease = { ...absent, version: 2, status: 'deployed', tests: 1 };
const outside = { revision: 1, since: '2026-01-01T00:00:00Z', reason: 'none', managed: true };
const at = '2026-01-01T12:01:00Z';

const hanging = { code: 'OPERATION_TIMEOUT' as const, message: 'ConfigMap a is held by b', details: {} };

/** The states of the table, by its letters. */
const states = {
  A: absent,
  I: { ...absent, task: task('running', 'install') },
  F: { ...absent, task: task('failed', 'install') },
  D: { ...absent, task: { ...task('failed', 'delete'), error: hanging } },
  C: { ...running, task: task('queued') },
  L: { ...running, status: 'pending-upgrade', attempt: { revision: 3, status: 'pending-upgrade', at } },
  R: running,
  X: { ...running, attempt: { revision: 3, status: 'failed', at } },
  P: { ...running, paused: true },
  H: { ...running, outside: { ...outside, revision: 0, managed: false } },
  O: { ...running, outside },
} satisfies Record<string, JudgedRelease>;
type State = keyof typeof states;
const letters = Object.keys(states) as State[];

/** What each action is judged to be, in the order of `letters`: yes, waits, - (nothing to do), or the code of a no. */
const table: Record<ReleaseAction, string> = {
  //         A I F D C L R X P H O
  install: 'y w y y w w E E E E E',
  upgrade: 'N w N N w w y y y y y',
  dryrun: 'y y y y y K y y y y y',
  pause: 'N w N N w w y y - y y',
  recover: 'N w N N w w - y y - -',
  restart: 'N w N N w y y y P y y',
  rollback: 'N w N N w w y y y y y',
  delete: 'N w N N w w y y y y y',
  adopt: 'N w N N w w - - - y y',
  detach: 'N w N N w w y y P - y',
  test: 'N w N N w w y y P y y',
  cancel: 'T y T T y T T T T T T',
  edit: 'N N N N y y y y y y y',
  export: 'N N N N y y y y y y y',
  drift: 'N N N N y y y y y y y',
  history: 'N N N N y y y y y y y',
  values: 'N N N N y y y y y y y',
  manifest: 'N N N N y y y y y y y',
  logs: '? ? ? ? y y y y y y y',
};

const shorthand: Record<string, object> = {
  y: { can: 'yes', reason: '' },
  w: { can: 'waits' },
  '-': { can: 'nothing' },
  E: { can: 'no', code: 'RELEASE_EXISTS' },
  N: { can: 'no', code: 'RELEASE_NOT_FOUND' },
  K: { can: 'no', code: 'RELEASE_LOCKED' },
  P: { can: 'no', code: 'RELEASE_PAUSED' },
  T: { can: 'no', code: 'TASK_FINISHED' },
  '?': { can: 'no' },
};

describe.each(RELEASE_ACTIONS)('%s', (action) => {
  test.each(letters.map((letter, index) => [letter, table[action].split(' ')[index] ?? '']))(
    'in state %s',
    (letter, short) => {
      const verdict = releaseCan(states[letter], action);
      expect(verdict).toMatchObject(shorthand[short] ?? {});
      expect(verdict.reason === '').toBe(verdict.can === 'yes');
      // A sentence is the message of an error: after a prefix, without a full stop.
      expect(verdict.reason).not.toMatch(/\.$|undefined|\[object/);
    },
  );
});

test.each<[State, ReleaseAction, Known, string, string]>([
  [
    'A',
    'install',
    { chart: false },
    'CHART_MISSING',
    'at lease one of chart name or chart image or chart files should be supported',
  ],
  [
    'A',
    'dryrun',
    { chart: false },
    'CHART_MISSING',
    'at lease one of chart name or chart image or chart files should be supported',
  ],
  ['A', 'upgrade', {}, 'RELEASE_NOT_FOUND', 'release web is not found'],
  [
    'F',
    'pause',
    {},
    'RELEASE_NOT_FOUND',
    'release web is not found: its first install failed and was taken back, install it again',
  ],
  [
    'D',
    'delete',
    {},
    'RELEASE_NOT_FOUND',
    'release web is not found: its delete has removed it, and left what was not gone in time (ConfigMap a is held by b)',
  ],
  [
    'I',
    'history',
    {},
    'RELEASE_NOT_FOUND',
    'release web is not found: nothing of it is recorded before it is installed',
  ],
  ['X', 'install', {}, 'RELEASE_EXISTS', 'the release shop/web exists already, at revision 3: upgrade it'],
  [
    'H',
    'upgrade',
    { chartRecorded: false },
    'CHART_NOT_RECORDED',
    "Helm's record of release shop/web does not hold the subcharts of its chart: send the chart",
  ],
  ['P', 'restart', {}, 'RELEASE_PAUSED', 'the release shop/web is paused: it has no pods, recover it first'],
  ['P', 'test', {}, 'RELEASE_PAUSED', 'the release shop/web is paused: its tests would find no pods, recover it first'],
  [
    'R',
    'rollback',
    {
      revision: 9,
      revisions: [
        { revision: 2, applied: true },
        { revision: 1, applied: true },
      ],
    },
    'REVISION_NOT_FOUND',
    'release web has no revision 9: 1, 2 are kept',
  ],
  [
    'R',
    'rollback',
    {
      revisions: [
        { revision: 2, applied: true },
        { revision: 1, applied: false },
      ],
    },
    'REVISION_NOT_FOUND',
    'release web has no earlier revision that was applied: 1, 2 are kept',
  ],
  [
    'R',
    'delete',
    { dependents: { named: ['shop/a', 'shop/b'], hidden: 0 } },
    'RELEASE_HAS_DEPENDENTS',
    'the releases shop/a, shop/b depend on shop/web; force=true deletes it nevertheless',
  ],
  [
    'C',
    'delete',
    { dependents: { named: ['shop/a'], hidden: 2 } },
    'RELEASE_HAS_DEPENDENTS',
    'the release shop/a and 2 releases that you may not list depend on shop/web; force=true deletes it nevertheless',
  ],
  [
    'R',
    'delete',
    { dependents: { named: [], hidden: 1 } },
    'RELEASE_HAS_DEPENDENTS',
    '1 release that you may not list depends on shop/web; force=true deletes it nevertheless',
  ],
  [
    'R',
    'cancel',
    { task: task('succeeded') },
    'TASK_FINISHED',
    'task t1 of release shop/web cannot be cancelled: it is succeeded',
  ],
  ['R', 'cancel', {}, 'TASK_FINISHED', 'no task of the release shop/web is under way'],
  [
    'L',
    'cancel',
    {},
    'TASK_FINISHED',
    'no task of the release shop/web is under way; it is locked by helm since 2026-01-01T12:01:00Z (pending-upgrade): a change with force=true ends that',
  ],
])('in state %s, %s with %o is refused: %s', (letter, action, known, code, reason) => {
  expect(releaseCan(states[letter], action, known)).toEqual({ can: 'no', code, reason });
});

test.each<[State, ReleaseAction, Known]>([
  ['A', 'install', { chart: true }],
  ['R', 'dryrun', { chart: false }],
  ['H', 'upgrade', { chartRecorded: false, chart: true }],
  ['R', 'delete', { dependents: { named: ['shop/a'], hidden: 0 }, force: true }],
  ['R', 'delete', { dependents: { named: [], hidden: 0 } }],
  [
    'X',
    'rollback',
    {
      revisions: [
        { revision: 3, applied: false },
        { revision: 2, applied: true },
      ],
    },
  ],
  [
    'R',
    'rollback',
    {
      revision: 1,
      revisions: [
        { revision: 2, applied: true },
        { revision: 1, applied: false },
      ],
    },
  ],
])('in state %s, %s with %o is not', (letter, action, known) => {
  expect(releaseCan(states[letter], action, known)).toEqual({ can: 'yes', reason: '' });
});

test('what is known besides turns a refusal into nothing to do', () => {
  expect(releaseCan(absent, 'delete', { ignoreNotFound: true })).toMatchObject({ can: 'nothing' });
  expect(releaseCan({ ...running, tests: 0 }, 'test')).toMatchObject({ can: 'nothing' });
  expect(releaseCan({ ...states.X, tests: 0 }, 'test')).toMatchObject({ can: 'yes' });
});

test('a pause that a failed change has undone in part is done again, and only the first revision has no earlier one', () => {
  expect(releaseCan({ ...states.X, paused: true }, 'pause')).toMatchObject({ can: 'yes' });
  expect(releaseCan({ ...running, version: 1 }, 'rollback')).toMatchObject({ can: 'no', code: 'REVISION_NOT_FOUND' });
  expect(releaseCan({ ...states.X, version: 1 }, 'rollback')).toMatchObject({ can: 'yes' });
});

test('where nothing was ever applied the name is free, and an unreadable record stands in the way', () => {
  const failed = { ...running, version: 1, status: 'failed', attempt: { revision: 1, status: 'failed', at } };
  expect(releaseCan(failed, 'install')).toMatchObject({ can: 'yes' });
  const unreadable = { ...running, status: 'unreadable' };
  expect(releaseCan(unreadable, 'upgrade')).toMatchObject({ can: 'no', code: 'RELEASE_UNREADABLE' });
  expect(releaseCan(unreadable, 'install')).toMatchObject({ can: 'no', code: 'RELEASE_EXISTS' });
});
