import { expect, it } from 'vitest';
import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import type { Task } from '../../domain/tasks/task.ts';
import type { AuditEntry } from '../../ports/runtime/audit-log.ts';
import { auditTasks } from './audit-tasks.ts';
import { person } from '../../../test/harness/fakes/person.ts';

it('writes down how a task ended, once, while it leads', () => {
  const entries: AuditEntry[] = [];
  let tell: (task: Task, removed: boolean) => void = () => {};
  let leads = true;
  auditTasks({
    store: {
      subscribe(listener) {
        tell = listener;
        return () => {};
      },
    },
    leadership: { isLeader: () => leads },
    audit: { write: (entry) => entries.push(entry) },
    clock: createManualClock(Date.parse('2026-01-01T00:00:01Z')),
  });
  const task = taskWith({ id: 't', order: orderOf('install'), namespace: 'demo', state: 'running' });
  const failed: Task = {
    ...task,
    state: 'failed',
    finishedAt: '2026-01-01T00:00:02.000Z',
    createdAt: '2026-01-01T00:00:00.500Z',
    caller: person('ann', ['dev']),
    error: { code: 'CHART_NOT_FOUND', message: 'no', details: {} },
  };
  tell(task, false);
  tell({ ...failed, id: 'old', finishedAt: '2026-01-01T00:00:00.900Z' }, false);
  tell(failed, false);
  tell(failed, false);
  tell(failed, true);
  leads = false;
  tell({ ...failed, id: 'u' }, false);
  expect(entries).toEqual([
    {
      event: 'task',
      who: 'ann',
      groups: ['dev'],
      what: 'install',
      namespace: 'demo',
      release: task.release,
      task: 't',
      result: 'failed',
      code: 'CHART_NOT_FOUND',
      requestId: task.requestId,
      durationMs: 1_500,
    },
  ]);
});
