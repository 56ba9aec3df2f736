import { describe, expect, test } from 'vitest';
import { type ChangeStep, planChange } from './change-plan.ts';
import { interruption } from '../revisions/interruption.ts';
import type { SeenRevision } from '../revisions/history.ts';
import type { HelmStatus } from '../revisions/helm-status.ts';

const at = '2026-01-01T00:00:00Z';
const seen = (status: HelmStatus, revision = 3, description = ''): SeenRevision => ({
  revision,
  status,
  updated: at,
  description,
});
const mine = { metadata: { annotations: { 'walm.io/task': 't' } } };

describe('planChange', () => {
  test.each<[string, SeenRevision[], ChangeStep]>([
    ['no release', [], { do: 'miss' }],
    ['one that was uninstalled and kept', [seen('uninstalled')], { do: 'miss' }],
    ['a deployed one', [seen('deployed')], { do: 'write', revision: 4 }],
    ['one whose newest revision failed', [seen('deployed', 2), seen('failed')], { do: 'write', revision: 4 }],
    [
      'one that somebody else changes',
      [seen('pending-upgrade')],
      { do: 'wait', revision: 3, status: 'pending-upgrade', since: at },
    ],
  ])('of somebody else: %s', (_, history, step) => {
    expect(planChange({ id: 't', revision: 3 }, { history, ownConfig: null })).toEqual(step);
  });

  test.each<[string, SeenRevision, ChangeStep]>([
    ['is done', seen('deployed'), { do: 'finish', revision: 3 }],
    ['was left in the middle', seen('pending-upgrade'), { do: 'settle', revision: 3 }],
    ['failed by itself', seen('failed', 3, 'a hook failed'), { do: 'fail', revision: 3, failure: 'a hook failed' }],
    ['was settled before', seen('failed', 3, interruption('t')), { do: 'write', revision: 4 }],
  ])("the task's own revision %s", (_, newest, step) => {
    const history = [seen('superseded', 2), newest];
    expect(planChange({ id: 't', revision: 3, expectedRevision: 2 }, { history, ownConfig: mine })).toEqual(step);
  });

  test.each<[string, SeenRevision, ChangeStep]>([
    ['is done', seen('superseded'), { do: 'finish', revision: 3 }],
    ['is done, and nobody superseded it', seen('deployed'), { do: 'finish', revision: 3 }],
    ['was left in the middle', seen('pending-upgrade'), { do: 'settle', revision: 3 }],
    ['failed by itself', seen('failed', 3, 'a hook failed'), { do: 'fail', revision: 3, failure: 'a hook failed' }],
    [
      'failed, and Helm has superseded that since',
      seen('superseded', 3, 'Upgrade "web" failed: a hook failed'),
      { do: 'fail', revision: 3, failure: 'Upgrade "web" failed: a hook failed' },
    ],
    ['was settled', seen('failed', 3, interruption('t')), { do: 'write', revision: 5 }],
  ])("the task's own revision %s, and others have gone on", (_, own, step) => {
    const history = [seen('superseded', 2), own, seen('deployed', 4)];
    expect(planChange({ id: 't', revision: 3 }, { history, ownConfig: mine })).toEqual(step);
  });

  test('what the own revision replaced is superseded before the task is done', () => {
    const history = [seen('deployed', 1), seen('superseded', 2), seen('deployed')];
    const task = { id: 't', revision: 3 };
    expect(planChange(task, { history, ownConfig: mine })).toEqual({ do: 'supersede', revision: 3 });
  });

  test('a change of a release that changed since the caller read it is refused, once the release is free', () => {
    const task = { id: 't', expectedRevision: 2 };
    expect(planChange(task, { history: [seen('deployed')], ownConfig: null })).toEqual({
      do: 'refuse',
      revision: 3,
    });
    expect(planChange(task, { history: [seen('pending-rollback')], ownConfig: null }).do).toBe('wait');
    expect(planChange(task, { history: [seen('deployed', 2)], ownConfig: null })).toEqual({
      do: 'write',
      revision: 3,
    });
  });
});
