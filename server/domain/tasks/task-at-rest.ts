import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import { isFinished, type Task, type TaskOrder } from './task.ts';

/**
 * The stored form of a task: a finished task no longer contains the values of its request, which may be large and
 * secret. The facts about its chart stay.
 */
export function taskAtRest(task: Task): Task {
  return isFinished(task) ? { ...task, order: withoutValues(task.order) } : task;
}

function withoutValues<Order extends TaskOrder>(order: Order): Order;
function withoutValues(order: TaskOrder): TaskOrder {
  switch (order.kind) {
    case 'install':
    case 'upgrade': {
      const { request, membership } = order;
      return {
        ...order,
        request: namedChart(request),
        ...(membership && { membership: { ...membership, commonValues: {} } }),
      };
    }
    case 'createProject':
      return {
        ...order,
        installs: order.installs.map((install) => ({ ...install, order: withoutValues(install.order) })),
      };
    case 'changeProject':
      return { ...order, steps: order.steps.map((step) => ({ ...step, order: withoutValues(step.order) })) };
    case 'applyProject':
      return { ...order, steps: order.steps.map((step) => ({ ...step, order: withoutValues(step.order) })) };
    case 'pauseProject':
    case 'recoverProject':
    case 'restartProject':
    case 'delete':
    case 'restart':
    case 'pause':
    case 'recover':
    case 'adopt':
    case 'detach':
    case 'rollback':
    case 'hold':
    case 'test':
    case 'deleteProject':
      return order;
    default:
      return order satisfies never;
  }
}

function namedChart({ name, repoName, chartName, chartVersion, chartImage }: ReleaseRequest): ReleaseRequest {
  return {
    ...(name !== undefined && { name }),
    ...(repoName !== undefined && { repoName }),
    ...(chartName !== undefined && { chartName }),
    ...(chartVersion !== undefined && { chartVersion }),
    ...(chartImage !== undefined && { chartImage }),
  };
}
