import { describe, expect, test } from 'vitest';
import { interruption } from '../revisions/interruption.ts';
import { planInstall } from './install-plan.ts';
import type { SeenRevision } from '../revisions/history.ts';
import type { HelmStatus } from '../revisions/helm-status.ts';
import type { ReleaseSnapshot } from './seen-release.ts';

const task = { id: 'mine', revision: 3 };
const at = '2026-01-01T00:00:00Z';

function revision(number: number, status: HelmStatus, description = 'why'): SeenRevision {
  return { revision: number, status, updated: at, description };
}

function seen(history: SeenRevision[], writer?: string): ReleaseSnapshot {
  const annotations: Record<string, string> = writer === undefined ? {} : { 'walm.io/task': writer };
  return { history, ownConfig: writer === undefined ? null : { metadata: { annotations } } };
}

describe('planInstall', () => {
  test.each([
    ['nothing is recorded', seen([]), { do: 'install', revision: 1 }],
    ['only failed revisions are recorded', seen([revision(2, 'failed')]), { do: 'install', revision: 3 }],
    [
      'it was uninstalled with its history kept',
      seen([revision(1, 'superseded'), revision(2, 'uninstalled')]),
      { do: 'install', revision: 3 },
    ],
    ['the name is in use', seen([revision(7, 'deployed')]), { do: 'refuse', revision: 7 }],
    [
      'an upgrade of somebody else failed',
      seen([revision(1, 'deployed'), revision(2, 'failed')]),
      { do: 'refuse', revision: 2 },
    ],
    [
      'somebody else is at it',
      seen([revision(3, 'pending-install')]),
      { do: 'wait', revision: 3, status: 'pending-install', since: at },
    ],
    [
      'somebody else is at it, for another task of Walm',
      seen([revision(3, 'pending-install')], 'other'),
      { do: 'wait', revision: 3, status: 'pending-install', since: at },
    ],
    [
      'somebody else is removing it',
      seen([revision(3, 'uninstalling')]),
      { do: 'wait', revision: 3, status: 'uninstalling', since: at },
    ],
    [
      'this task did it and the answer got lost',
      seen([revision(3, 'deployed')], 'mine'),
      { do: 'finish', revision: 3 },
    ],
    [
      'this task died in the middle',
      seen([revision(3, 'pending-install')], 'mine'),
      { do: 'clear', revision: 3, failure: null },
    ],
    [
      'this task was cut off when the server stopped',
      seen([revision(3, 'failed', 'cancelled')], 'mine'),
      { do: 'clear', revision: 3, failure: null },
    ],
    [
      'this task was marked as interrupted and not cleared away yet',
      seen([revision(3, 'failed', interruption('mine'))], 'mine'),
      { do: 'clear', revision: 3, failure: null },
    ],
    [
      'this task failed and nobody was told',
      seen([revision(3, 'failed')], 'mine'),
      { do: 'clear', revision: 3, failure: 'why' },
    ],
    [
      'somebody upgraded what this task installed',
      seen([revision(3, 'superseded'), revision(4, 'deployed')], 'mine'),
      { do: 'finish', revision: 3 },
    ],
  ])('%s', (_, snapshot, step) => {
    expect(planInstall(task, snapshot)).toEqual(step);
  });

  test('a task that has not started owns nothing, whatever an annotation says', () => {
    const snapshot = seen([revision(3, 'pending-install')], 'mine');
    expect(planInstall({ id: 'mine' }, snapshot)).toMatchObject({ do: 'wait' });
  });
});
