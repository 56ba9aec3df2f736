import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import { expect, it } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createPrometheusMetrics } from '../../adapters/prometheus/prometheus-metrics.ts';
import type { Task } from '../../domain/tasks/task.ts';
import { measureTasks } from './measured-tasks.ts';

const task: Task = taskWith({ id: 't', order: orderOf('install'), namespace: 'demo', state: 'running', attempt: 1 });

it('measures the tasks that end while it looks, once', async () => {
  const metrics = createPrometheusMetrics();
  let tell: (task: Task, removed: boolean) => void = () => {};
  const store = {
    unfinished: () => [],
    subscribe(listener: typeof tell) {
      tell = listener;
      return () => {};
    },
  };
  measureTasks(store, metrics, createManualClock(Date.parse('2026-01-01T00:00:01Z')));
  tell({ ...task, state: 'succeeded', finishedAt: '2026-01-01T00:00:00.500Z' }, false);
  tell(task, false);
  const ended: Task = { ...task, state: 'failed', finishedAt: '2026-01-01T00:00:02.000Z' };
  tell(ended, false);
  tell(ended, true);
  const text = await metrics.render();
  expect(text).toContain('walm_task_duration_seconds_sum{operation="install",state="failed"} 2');
  expect(text).toContain('walm_task_duration_seconds_count{operation="install",state="failed"} 1');
  expect(text).not.toContain('state="succeeded"');
});
