import type { Cluster } from '../adapters/cluster.ts';
import { isFinished, type Task } from '../../domain/tasks/task.ts';
import type { EngineStep, FaultPoints, FaultStep } from '../../ports/runtime/fault-points.ts';
import type { EngineCall, HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { LiveView } from '../../reconcilers/releases/live-view.ts';

/** The steps of the table, placed around the verbs of the ports that carry them out. */
export function createFaultSteps(faults: FaultPoints) {
  async function around<T>(step: FaultStep, act: () => Promise<T>): Promise<T> {
    await faults.reach(`before ${step}`);
    const result = await act();
    await faults.reach(`after ${step}`);
    return result;
  }

  /** With a point at every sign of life of the operation. */
  function operation<T>(
    step: EngineStep,
    call: EngineCall | undefined,
    act: (call: EngineCall) => Promise<T>,
  ): Promise<T> {
    const onProgress: EngineCall['onProgress'] = (progress) => {
      void faults.reach(`during ${step}`);
      call?.onProgress?.(progress);
    };
    return around(step, () => act({ ...call, onProgress }));
  }

  return {
    engine: (engine: HelmEngine): HelmEngine => ({
      ...engine,
      install: (request, call) => operation('engine.install', call, (own) => engine.install(request, own)),
      upgrade: (request, call) => operation('engine.upgrade', call, (own) => engine.upgrade(request, own)),
      rewriteRelease: (request, call) =>
        operation('engine.rewrite', call, (own) => engine.rewriteRelease(request, own)),
      uninstall: (request, call) => operation('engine.uninstall', call, (own) => engine.uninstall(request, own)),
      testRelease: (request, call) => operation('engine.test', call, (own) => engine.testRelease(request, own)),
      removeFailedInstall: (target, timeoutMs, call) =>
        operation('engine.removeFailedInstall', call, (own) => engine.removeFailedInstall(target, timeoutMs, own)),
      settle: (...parts) => around('engine.settle', () => engine.settle(...parts)),
    }),

    cluster: (cluster: Cluster): Cluster => {
      const { tasks, archives, namespaces, claims, workloads, rolloutMarks } = cluster;
      return {
        ...cluster,
        tasks: {
          ...tasks,
          create: (task) => around('task.create', () => tasks.create(task)),
          update: (stored, task) => around(writingStep(stored.task, task), () => tasks.update(stored, task)),
        },
        archives: {
          ...archives,
          put: (...parts) => around('archive.put', () => archives.put(...parts)),
          remove: (...parts) => around('archive.remove', () => archives.remove(...parts)),
        },
        namespaces: {
          ...namespaces,
          create: (...parts) => around('namespace.create', () => namespaces.create(...parts)),
          removeIfUnused: (...parts) => around('namespace.remove', () => namespaces.removeIfUnused(...parts)),
        },
        claims: { ...claims, remove: (...parts) => around('claim.remove', () => claims.remove(...parts)) },
        workloads: {
          ...workloads,
          roll: (...parts) => around('workload.roll', () => workloads.roll(...parts)),
          removePod: (...parts) => around('pod.remove', () => workloads.removePod(...parts)),
          scale: (...parts) => around('workload.scale', () => workloads.scale(...parts)),
        },
        rolloutMarks: {
          ...rolloutMarks,
          markDone: (...parts) => around('rollout.mark', () => rolloutMarks.markDone(...parts)),
        },
      };
    },

    liveView: (liveView: LiveView): LiveView => ({
      ...liveView,
      observe: (...parts) => around('view.observe', () => liveView.observe(...parts)),
    }),
  };
}

/** What the write of a task is to it. */
function writingStep(before: Task, after: Task): FaultStep {
  if (isFinished(after)) {
    return 'task.end';
  }
  if (after.cancelRequest !== undefined && before.cancelRequest === undefined) {
    return 'task.cancel';
  }
  return after.attempt > before.attempt ? 'task.start' : 'task.save';
}
