import { expect, test } from 'vitest';
import { type DeleteStep, type DeletingTask, planDelete } from './delete-plan.ts';
import type { SeenRevision } from '../revisions/history.ts';
import type { HelmStatus } from '../revisions/helm-status.ts';

const since = '2026-01-01T00:00:00Z';
const seen = (status: HelmStatus, revision = 3): SeenRevision => ({
  revision,
  status,
  updated: since,
  description: '',
});

test.each<[string, DeletingTask, SeenRevision[], DeleteStep]>([
  ['no release', {}, [], { do: 'finish' }],
  ['one that is uninstalled, with its history kept', { revision: 3 }, [seen('uninstalled')], { do: 'finish' }],
  ['a deployed one', {}, [seen('superseded', 2), seen('deployed')], { do: 'remove', revision: 3 }],
  ['one that never came true', {}, [seen('failed')], { do: 'remove', revision: 3 }],
  ['one that this task has begun to remove', { revision: 3 }, [seen('uninstalling')], { do: 'remove', revision: 3 }],
  [
    'one that somebody else has begun to remove',
    { revision: 2 },
    [seen('uninstalling')],
    { do: 'wait', revision: 3, status: 'uninstalling', since },
  ],
  [
    'one that somebody changes, also where another revision is expected',
    { expectedRevision: 1 },
    [seen('deployed', 2), seen('pending-upgrade')],
    { do: 'wait', revision: 3, status: 'pending-upgrade', since },
  ],
  [
    'one that was changed since the caller read it',
    { expectedRevision: 1 },
    [seen('superseded', 1), seen('deployed', 2), seen('failed')],
    { do: 'refuse', revision: 2 },
  ],
  [
    'one whose failed attempt the caller has not seen',
    { expectedRevision: 2 },
    [seen('deployed', 2), seen('failed')],
    { do: 'remove', revision: 3 },
  ],
])('the plan of a delete of %s', (_, task, history, step) => {
  expect(planDelete(task, history)).toEqual(step);
});
