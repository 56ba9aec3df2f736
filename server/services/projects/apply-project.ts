import type { JsonValue } from '../../../contract/schemas/json.ts';
import { planStale } from '../../domain/errors/project-problems.ts';
import { type ApplyProjectOrder, neededArchives, type ProjectFailure } from '../../domain/tasks/task.ts';
import type { KeepArchive } from '../charts/keep-archive.ts';
import type { AwaitOutcome } from '../tasks/await-outcome.ts';
import type { FindRepeated } from '../tasks/find-repeated.ts';
import type { MutationOptions, MutationOutcome } from '../tasks/release-mutation.ts';
import type { SubmitTask } from '../tasks/submit-task.ts';
import type { PlanProject, PlanProjectInput } from './plan-project.ts';

export type ApplyProjectDeps = {
  planProject: PlanProject;
  findRepeated: FindRepeated;
  keepArchive: KeepArchive;
  submitTask: SubmitTask;
  awaitOutcome: AwaitOutcome;
};

export interface ApplyProjectInput extends PlanProjectInput {
  /** Digest of the plan that is to be carried out; absent: whatever it takes. */
  readonly plan?: string;
  /** What becomes of the steps that are done when one fails. */
  readonly onFailure: ProjectFailure;
  readonly options: MutationOptions;
}

/**
 * Accepts a project as it is to be: everything that can be known in advance is refused before anything is written; then one
 * durable task makes the steps of the plan. The same request again does what is left of it.
 * @throws ProblemError PLAN_STALE, the problems of `planProject`, and the problem that the task fails with
 */
export type ApplyProject = (input: ApplyProjectInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createApplyProject(deps: ApplyProjectDeps): ApplyProject {
  return async function applyProject(input, signal) {
    const { namespace, project, options, onFailure } = input;
    const asked = askedOf(input);
    const repeated = await deps.findRepeated({ namespace, release: project, asked, options });
    if (repeated !== null) {
      return deps.awaitOutcome(repeated, options.waiting, signal);
    }
    const { plan, steps } = await deps.planProject(input, signal);
    if (input.plan !== undefined && input.plan !== plan.digest) {
      throw planStale(plan);
    }
    const warnings = [...options.warnings, ...plan.warnings];
    if (steps.length === 0) {
      return { task: null, finished: true, warnings };
    }
    const order: ApplyProjectOrder = { kind: 'applyProject', steps, onFailure, guarded: input.plan !== undefined };
    const stored = await deps.submitTask({
      namespace,
      release: '',
      project,
      order,
      asked,
      warnings,
      options,
      seen: { history: [], ownConfig: null },
      keepArchive: async (task) => {
        const user = { task, as: options.caller };
        await Promise.all([...new Set(neededArchives(order))].map((one) => deps.keepArchive(namespace, one, user)));
        return true;
      },
    });
    return deps.awaitOutcome(stored, options.waiting, signal);
  };
}

/** The request, without its terms: it is the same if it is sent again. */
function askedOf({
  options: _options,
  namespace: _namespace,
  project: _project,
  ...rest
}: ApplyProjectInput): JsonValue {
  return JSON.parse(JSON.stringify({ verb: 'applyProject', ...rest })) as JsonValue;
}
