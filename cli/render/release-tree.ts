import { at, listAt, numberAt, textAt } from './read-value.ts';
import { oneLine } from './width.ts';

/** A node of a tree of text. */
export interface TreeNode {
  readonly text: string;
  readonly ready: boolean;
  readonly children: readonly TreeNode[];
  /** What a folded node counts as, such as `Service`. */
  readonly kind: string;
}

/** Names of the lists of `releaseStatus`, in the order in which they are shown. */
const LISTS = [
  'deployments',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'pvcs',
  'services',
  'ingresses',
  'configmaps',
  'secrets',
  'others',
] as const;

/** The objects of a release down to containers, each with the reason why it is not ready. */
export function releaseNodes(release: unknown): TreeNode[] {
  return LISTS.flatMap((list) => listAt(release, 'releaseStatus', list).map(objectNode));
}

function objectNode(object: unknown): TreeNode {
  const kind = textAt(object, 'kind');
  const ready = isReady(object);
  const pods = listAt(object, 'pods').map(podNode);
  const jobs = listAt(object, 'jobs').map(objectNode);
  const count = countOf(object);
  return {
    kind,
    ready: ready && pods.every((pod) => pod.ready),
    text: oneLine(
      `${kind} ${textAt(object, 'name')}${count === '' ? '' : ` ${count}`}${ready ? '' : `  ${reasonOf(object)}`}`,
    ),
    children: [...pods, ...jobs],
  };
}

function podNode(pod: unknown): TreeNode {
  const containers = [...listAt(pod, 'initContainers'), ...listAt(pod, 'containers')];
  const restarts = containers.reduce<number>((sum, container) => sum + numberAt(container, 'restartCount'), 0);
  const ready = isReady(pod) && listAt(pod, 'containers').every((container) => at(container, 'ready') === true);
  const again = restarts === 0 ? '' : `  ${restarts} restart${restarts === 1 ? '' : 's'}`;
  const state = ready ? 'ready' : reasonOf(pod);
  return {
    kind: 'Pod',
    ready,
    text: oneLine(`pod ${textAt(pod, 'name')}  ${state}${again}`),
    children: containers.map((container) => containerNode(container)),
  };
}

function containerNode(container: unknown): TreeNode {
  const ready = at(container, 'ready') === true || textAt(container, 'state', 'reason') === 'Completed';
  const restarts = numberAt(container, 'restartCount');
  const state = ready ? 'ready' : reasonOf(container);
  return {
    kind: 'container',
    ready,
    text: oneLine(
      `container ${textAt(container, 'name')}  ${state}${restarts === 0 ? '' : `  restarted ${restarts} times`}`,
    ),
    children: [],
  };
}

function isReady(object: unknown): boolean {
  return ['Ready', 'Running', 'Succeeded', 'Bound', ''].includes(textAt(object, 'state', 'status'));
}

function reasonOf(object: unknown): string {
  const { status, reason, message } = {
    status: textAt(object, 'state', 'status'),
    reason: textAt(object, 'state', 'reason'),
    message: textAt(object, 'state', 'message'),
  };
  return [reason || status, message].filter((text) => text !== '').join(': ');
}

/** Ready pods of those that are wanted. */
function countOf(object: unknown): string {
  switch (textAt(object, 'kind')) {
    case 'Deployment':
      return `${numberAt(object, 'availableReplicas')}/${numberAt(object, 'expectedReplicas')}`;
    case 'StatefulSet':
      return `${numberAt(object, 'readyReplicas')}/${numberAt(object, 'expectedReplicas')}`;
    case 'DaemonSet':
      return `${numberAt(object, 'numberAvailable')}/${numberAt(object, 'desiredNumberScheduled')}`;
    case 'Job':
      return `${numberAt(object, 'succeeded')}/${numberAt(object, 'expectedCompletion')}`;
    default:
      return '';
  }
}

/** Draws a tree. Ready branches are folded into a count unless `all` is asked for. */
export function treeLines(nodes: readonly TreeNode[], all: boolean): string[] {
  const shown = all ? nodes : nodes.filter((node) => !node.ready);
  const folded = all ? [] : nodes.filter((node) => node.ready);
  const rest =
    folded.length === 0
      ? []
      : [{ text: `(${folded.length} ready: ${counts(folded)})`, children: [], kind: '', ready: true }];
  const entries: TreeNode[] = [...shown, ...rest];
  return entries.flatMap((node, index) => {
    const isLast = index === entries.length - 1;
    const below = treeLines(node.children, all).map((line) => `${isLast ? '   ' : '│  '}${line}`);
    return [`${isLast ? '└─ ' : '├─ '}${node.text}`, ...(node.kind === '' ? [] : below)];
  });
}

/** `2 Service, 1 Secret`. */
function counts(nodes: readonly TreeNode[]): string {
  const byKind = new Map<string, number>();
  for (const { kind } of nodes) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  return [...byKind].map(([kind, count]) => `${count} ${kind}`).join(', ');
}
