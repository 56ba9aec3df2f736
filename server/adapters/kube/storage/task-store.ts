import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { createTaskView } from '../../../domain/indexes/task-view.ts';
import { taskAtRest } from '../../../domain/tasks/task-at-rest.ts';
import { createEndedTasks } from '../../../domain/tasks/ended-tasks.ts';
import type { Task } from '../../../domain/tasks/task.ts';
import type { TaskAdapter } from '../../../ports/gate/gated-adapters.ts';
import type { WritePass } from '../../../ports/gate/passes.ts';
import { type StoredTask, TaskConflict, type RefusedTask } from '../../../ports/storage/task-store.ts';
import type { TextSeal } from '../../../ports/storage/text-seal.ts';
import type { WatchState } from '../../../ports/cluster/watch-state.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import type { FencedKube } from '../client/fenced-kube.ts';
import type { RemoveOptions } from '../client/kube-api.ts';
import { createObjectWatch, type ObjectWatchDeps } from '../watch/object-watch.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';
import {
  type DecodedTask,
  decodeTask,
  encodeTask,
  refuseLargeTask,
  TASK_SECRET_TYPE,
  taskIdOf,
  taskSecretName,
} from './task-secret.ts';

const SECRETS = { group: '', version: 'v1', plural: 'secrets' };

/** What the store needs: the cluster, Walm's own namespace, and whom to notify of refused Secrets. */
export type KubeTaskStoreDeps = ObjectWatchDeps & {
  kube: FencedKube;
  namespace: string;
  onError: (error: unknown) => void;
  /** Checks the seals of tasks: a task without a valid seal is not run, shown or counted. */
  seal: Pick<TextSeal, 'whyUnsealed'>;
  /** Called once for each Secret that is refused, and again if it was changed and is still refused. */
  onRefused: (task: RefusedTask) => void;
};

/** The store, and the state of the watch that updates its view. */
export type KubeTaskStore = TaskAdapter & { watch(): WatchState };

/** Tasks as Secrets in Walm's own namespace, updated by a watch (decision 26: tasks are durable). */
export function createKubeTaskStore(deps: KubeTaskStoreDeps): KubeTaskStore {
  const { kube, namespace, onError, seal } = deps;
  const view = createTaskView();
  /** Written here and not seen in the watch yet: a list that started before the write does not contain them. */
  const unseen = new Set<string>();
  const ended = createEndedTasks();
  /** The refused Secrets by name, with the version that was refused. */
  const refused = new Map<string, RefusedTask & { version: string }>();
  const first = Promise.withResolvers<void>();
  /** Decoding is asynchronous; the chain keeps the order of events. */
  let handling: Promise<void> = Promise.resolve();

  const pathOf = (id?: string) => resourcePath(SECRETS, namespace, id === undefined ? undefined : taskSecretName(id));

  async function take(secrets: readonly KubeObject[]): Promise<void> {
    secrets.forEach(({ metadata: { name } }) => unseen.delete(taskIdOf(name)));
    const read = await Promise.all(secrets.map(async (secret) => ({ secret, decoded: await decode(secret) })));
    const tasks = read.flatMap(({ secret, decoded }) => {
      if ('task' in decoded) {
        refused.delete(secret.metadata.name);
        return [decoded];
      }
      refuse(secret, decoded);
      return [];
    });
    view.putAll(tasks);
  }

  async function decode(secret: KubeObject): Promise<DecodedTask> {
    const decoded = await decodeTask(secret, seal);
    const { creationTimestamp: madeAt } = secret.metadata;
    const why = 'task' in decoded ? ended.whyPutBack({ ...decoded, ...(madeAt !== undefined && { madeAt }) }) : null;
    return why === null ? decoded : { refused: why, newer: false };
  }

  /** The task as it was known counts no longer: the changed Secret cannot be trusted. */
  function refuse(
    { metadata: { name, resourceVersion = '' } }: KubeObject,
    { refused: reason, newer }: { refused: string; newer: boolean },
  ): void {
    view.remove(taskIdOf(name));
    if (refused.get(name)?.version !== resourceVersion) {
      refused.set(name, { name, reason, newer, version: resourceVersion });
      deps.onRefused({ name, reason, newer });
    }
  }

  function inOrder(step: () => Promise<void>): void {
    handling = handling.then(step).catch(onError);
  }

  const watch = createObjectWatch(
    deps,
    { apiVersion: 'v1', kind: 'Secret', path: pathOf(), fieldSelector: `type=${TASK_SECRET_TYPE}` },
    {
      onReplace: (all) =>
        inOrder(async () => {
          await take(all);
          const names = new Set(all.map((secret) => secret.metadata.name));
          [...refused.keys()].filter((name) => !names.has(name)).forEach((name) => refused.delete(name));
          const ids = new Set([...all.map((secret) => taskIdOf(secret.metadata.name)), ...unseen]);
          view.retain(ids);
          first.resolve();
        }),
      onEvent: (type, secret) =>
        inOrder(async () => {
          if (type === 'DELETED') {
            unseen.delete(taskIdOf(secret.metadata.name));
            refused.delete(secret.metadata.name);
            view.remove(taskIdOf(secret.metadata.name));
          } else {
            await take([secret]);
          }
        }),
      onError,
    },
  );

  async function written(task: Task, write: () => Promise<KubeObject>): Promise<StoredTask> {
    unseen.add(task.id);
    try {
      const secret = await write();
      const stored = { task, version: Number(secret.metadata.resourceVersion) };
      view.put(stored);
      return stored;
    } catch (error) {
      unseen.delete(task.id);
      throw error;
    }
  }

  async function forget(id: string, options: RemoveOptions, pass: WritePass): Promise<void> {
    try {
      await kube.writing(pass).remove(pathOf(id), options);
    } catch (error) {
      if (hasStatus(error, 409)) {
        throw new TaskConflict(id);
      }
      if (!hasStatus(error, 404)) {
        throw problemOf(error, { kind: 'Secret', namespace, name: taskSecretName(id) });
      }
    }
    unseen.delete(id);
    view.remove(id);
  }

  return {
    ...view.readers,
    refuseTooLarge: (given) => refuseLargeTask(taskAtRest(given)),
    async create(given, pass) {
      const task = taskAtRest(given);
      const secret = await encodeTask(task, namespace, pass.seal);
      try {
        return await written(task, () => kube.writing(pass).create(pathOf(), secret));
      } catch (error) {
        if (hasStatus(error, 409)) {
          return null;
        }
        throw problemOf(error, { kind: 'Secret', namespace, name: taskSecretName(task.id) });
      }
    },
    async update(stored, given, pass) {
      const task = taskAtRest(given);
      const secret = await encodeTask(task, namespace, pass.seal, stored.version);
      try {
        return await written(task, () => kube.writing(pass).replace(pathOf(task.id), secret));
      } catch (error) {
        if (hasStatus(error, 409) || hasStatus(error, 404)) {
          throw new TaskConflict(task.id);
        }
        throw problemOf(error, { kind: 'Secret', namespace, name: taskSecretName(task.id) });
      }
    },
    remove: (id, pass) => forget(id, {}, pass),
    withdraw: ({ task: { id }, version: seen }, pass) =>
      forget(id, { preconditions: { resourceVersion: String(seen) } }, pass),
    async find(id) {
      const known = view.get(id);
      if (known !== undefined) {
        return known;
      }
      try {
        return storedOf(await decode(await kube.get(pathOf(id))));
      } catch (error) {
        if (hasStatus(error, 404)) {
          return null;
        }
        throw problemOf(error, { kind: 'Secret', namespace, name: taskSecretName(id) });
      }
    },
    refused: () => [...refused.values()].map(({ name, reason, newer }) => ({ name, reason, newer })),
    run: (signal) => watch.run(signal),
    synced: () => first.promise,
    watch: () => ({ ...watch.state(), kind: 'Task' }),
  };
}

function storedOf(decoded: DecodedTask): StoredTask | null {
  return 'task' in decoded ? decoded : null;
}
