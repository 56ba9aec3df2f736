/** Operations of the engine that change the cluster; they take long, and can be interrupted in the middle. */
const ENGINE_STEPS = [
  'engine.install',
  'engine.upgrade',
  'engine.rewrite',
  'engine.uninstall',
  'engine.test',
  'engine.removeFailedInstall',
] as const;

/** Everything else that a change writes. */
const WRITING_STEPS = [
  'task.create',
  'task.start',
  'task.save',
  'task.cancel',
  'task.end',
  'archive.put',
  'archive.remove',
  'namespace.create',
  'namespace.remove',
  'claim.remove',
  'workload.roll',
  'workload.scale',
  'pod.remove',
  'rollout.mark',
  'engine.settle',
] as const;

/**
 * Every effect that the change of a release has outside of this process. Between two of them the process only reads and
 * computes, and leaves nothing behind when it is killed; killing at these points therefore covers every moment.
 */
const FAULT_STEPS = [...ENGINE_STEPS, ...WRITING_STEPS] as const;

export type EngineStep = (typeof ENGINE_STEPS)[number];
export type FaultStep = (typeof FAULT_STEPS)[number];

/** Whether the step is an operation of the engine. */
export function isEngineStep(step: FaultStep): step is EngineStep {
  return (ENGINE_STEPS as readonly FaultStep[]).includes(step);
}

/**
 * A moment at which a test may kill a process; `during` occurs with each progress message of the engine's operation.
 */
export type FaultPoint = `before ${FaultStep}` | `after ${FaultStep}` | `during ${EngineStep}`;

/** All fault points. */
export const FAULT_POINTS: readonly FaultPoint[] = [
  ...FAULT_STEPS.flatMap((step): FaultPoint[] => [`before ${step}`, `after ${step}`]),
  ...ENGINE_STEPS.map((step): FaultPoint => `during ${step}`),
];

/** The hook by which tests stop a process at a fault point. */
export interface FaultPoints {
  /** Called at every fault point; the promise never resolves if the process shall stop there. */
  reach(point: FaultPoint): Promise<void>;
}
