import type { Writers } from '../../server/composition/wrappers/writers.ts';
import type { AroundWrites, Write } from '../../server/composition/wrappers/writes.ts';
import { isFinished, type Task } from '../../server/domain/tasks/task.ts';
import type { EngineCall } from '../../server/ports/helm/engine-call.ts';
import { type EngineStep, type FaultPoints, type FaultStep, isEngineStep } from './fault-points.ts';

/**
 * The step that each write belongs to; null for writes that are not a step of a change, such as clean-up and
 * notifications.
 */
const STEPS = {
  helm: {
    install: 'engine.install',
    upgrade: 'engine.upgrade',
    rewriteRelease: 'engine.rewrite',
    uninstall: 'engine.uninstall',
    testRelease: 'engine.test',
    removeFailedInstall: 'engine.removeFailedInstall',
    settle: 'engine.settle',
  },
  tasks: { create: 'task.create', update: 'task.save', remove: null, withdraw: null },
  archives: { put: 'archive.put', remove: 'archive.remove' },
  claims: { remove: 'claim.remove' },
  deliveryMarks: { save: null },
  namespaces: { create: 'namespace.create', removeIfUnused: 'namespace.remove' },
  writer: { create: null, replace: null, patch: null, remove: null },
  repositories: { add: null, remove: null },
  rolloutMarks: { markDone: 'rollout.mark' },
  workloads: { roll: 'workload.roll', removePod: 'pod.remove', scale: 'workload.scale' },
} as const satisfies { readonly [Port in keyof Writers]: Readonly<Record<keyof Writers[Port], FaultStep | null>> };

/** The points of the table, placed around the writes of a server. */
export function createFaultSteps(faults: FaultPoints): AroundWrites {
  return async (write, act) => {
    const step = stepOf(write);
    if (step === null) {
      return act(write.args);
    }
    await faults.reach(`before ${step}`);
    const result = await act(isEngineStep(step) ? withSigns(write.args, step) : write.args);
    await faults.reach(`after ${step}`);
    return result;
  };

  /** Adds a fault point at every progress message of the engine's operation. */
  function withSigns([request, call]: readonly unknown[], step: EngineStep): readonly unknown[] {
    const given = call as EngineCall | undefined;
    const onProgress: EngineCall['onProgress'] = (progress) => {
      void faults.reach(`during ${step}`);
      given?.onProgress?.(progress);
    };
    return [request, { ...given, onProgress }];
  }
}

function stepOf(write: Write): FaultStep | null {
  if (write.port === 'tasks' && write.verb === 'update') {
    const [stored, task] = write.args;
    return writingStep(stored.task, task);
  }
  const steps: Readonly<Record<string, FaultStep | null>> = STEPS[write.port];
  return steps[write.verb] ?? null;
}

/** The step that the write of a task is. */
function writingStep(before: Task, after: Task): FaultStep {
  if (isFinished(after)) {
    return 'task.end';
  }
  if (after.cancelRequest !== undefined && before.cancelRequest === undefined) {
    return 'task.cancel';
  }
  return after.attempt > before.attempt ? 'task.start' : 'task.save';
}
