import { jobsHere } from './jobs-here.ts';
import { createOperationTime } from '../../../server/domain/tasks/operation-time.ts';
import { hideRecorded } from '../../../server/domain/masking/hide-recorded.ts';
import type { ReleaseKey } from '../../../server/domain/names/release-key.ts';
import type { OrderKind, OrderOf, Task } from '../../../server/domain/tasks/task.ts';
import type { HelmRelease } from '../../../server/ports/helm/helm-release.ts';
import { createGuardUnattended } from '../../../server/services/automation/guard-unattended.ts';
import { createAwaitUnlock } from '../../../server/services/releases/execute/await-unlock.ts';
import { createRewriteRelease } from '../../../server/services/releases/execute/rewrite-release.ts';
import type { TaskExecutor } from '../../../server/services/tasks/task-executor.ts';
import { createReleaseStage } from './release-stage.ts';
import { taskWith } from './tasks.ts';

const RULES = { mode: 'on', asksWhoCalls: true, serviceAccount: '', identityMaxAgeMs: 0 } as const;

/** What carrying out a change of release `shop/web` needs, on memory parts, and a way to run its task. */
export function createExecutionStage() {
  const stage = createReleaseStage();
  const operationTime = createOperationTime(1_000);
  /** What the live view was told of. */
  const observed: (HelmRelease | null)[] = [];
  const saved: Partial<Task>[] = [];
  const reported: string[] = [];
  const deps = {
    ...stage,
    engine: stage.helm,
    guard: createGuardUnattended({ rules: RULES, clock: stage.clock }),
    awaitUnlock: createAwaitUnlock({
      engine: stage.helm,
      tasks: { tasksOf: () => [], unfinishedOf: () => [] },
      observeRelease: stage.observeRelease,
      clock: stage.clock,
      foreignLockMs: 900_000,
    }),
    rewriteRelease: createRewriteRelease({
      engine: stage.helm,
      hideRecorded: (input) => Promise.resolve(hideRecorded(input)),
      operationTime,
      maxHistory: 10,
    }),
    findSecrets: jobsHere.findSecrets,
    hideRecorded: (input: Parameters<typeof hideRecorded>[0]) => Promise.resolve(hideRecorded(input)),
    workloads: { scale: () => Promise.resolve() },
    liveView: {
      observe: async (_key: ReleaseKey, release: HelmRelease | null) => void observed.push(release),
    },
    pauseDaemonSets: true,
    operationTime,
    maxHistory: 10,
  };
  return {
    ...stage,
    deps,
    observed,
    saved,
    reported,
    /** One run of a task by a process that knows only what is durable. */
    async run<Kind extends OrderKind>(
      executor: TaskExecutor<OrderOf<Kind>>,
      order: OrderOf<Kind>,
      changes: Partial<Task> = {},
    ) {
      const task: Task<OrderOf<Kind>> = { ...taskWith({ state: 'running', attempt: 1, ...changes }), order };
      let current: Task = task;
      return executor(task, {
        signal: new AbortController().signal,
        report: ({ message }) => reported.push(message),
        save(given) {
          saved.push(given);
          current = { ...current, ...given };
          return Promise.resolve(current);
        },
      });
    },
    /** Revision and status of each, oldest first. */
    async history(): Promise<string[]> {
      const found = await stage.helm.releaseHistory({ identity: null, namespace: 'shop', name: 'web' });
      return found.map(({ revision, status }) => `${revision} ${status}`);
    },
    async newest(): Promise<HelmRelease> {
      const found = await stage.helm.getRelease({ identity: null, namespace: 'shop', name: 'web' });
      if (found === null) throw new Error('there is no release');
      return found;
    },
  };
}

export type ExecutionStage = ReturnType<typeof createExecutionStage>;
