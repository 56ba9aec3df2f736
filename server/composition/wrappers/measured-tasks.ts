import { isFinished } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Metrics } from '../../ports/runtime/metrics.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';

/** Measures the tasks that end from now on, and how many are unfinished. */
export function measureTasks(store: Pick<TaskStore, 'subscribe' | 'unfinished'>, metrics: Metrics, clock: Clock): void {
  const since = clock.now();
  const duration = metrics.histogram(
    'walm_task_duration_seconds',
    'Time from the acceptance of a task to its end, waiting included.',
    ['operation', 'state'],
    [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900],
  );
  metrics.gauge('walm_tasks_unfinished', 'Tasks that are queued or running.', () => store.unfinished().length);
  store.subscribe((task, removed) => {
    const ended = Date.parse(task.finishedAt ?? '');
    if (!removed && isFinished(task) && ended >= since) {
      duration.observe({ operation: task.order.kind, state: task.state }, (ended - Date.parse(task.createdAt)) / 1000);
    }
  });
}
