import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { describeTaskStore } from '../../../ports/storage/task-store.conformance.ts';
import { createSealRing } from '../../../services/trust/seal-ring.ts';
import { createTaskSeal } from '../../../services/trust/task-seal.ts';
import { systemClock } from '../../system/system-clock.ts';
import { fenceKube } from '../client/fenced-kube.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { resourcePath } from '../client/resource-path.ts';
import { installSystemNamespace } from './system-namespace.ts';
import { eventually } from '../../../../test/harness/eventually.ts';
import { taskWith } from '../../../../test/harness/fakes/tasks.ts';
import { sealedTasks } from '../../../../test/harness/fakes/open-gate.ts';
import { createKubeTaskStore } from './task-store.ts';

const made: string[] = [];
const ring = createSealRing({
  keys: { read: () => Promise.resolve(new Map([['k1', new Uint8Array(32).fill(7)]])) },
  clock: systemClock,
  onError: () => undefined,
});
let kube: KubeApi;

beforeAll(() => {
  kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig });
});

afterAll(async () => {
  await Promise.all(
    made.map((name) => kube.remove(resourcePath({ group: '', version: 'v1', plural: 'namespaces' }, undefined, name))),
  );
  kube.close();
});

describeTaskStore('kube', async () => {
  const namespace = `tasks-${randomUUID().slice(0, 8)}`;
  await installSystemNamespace(kube, namespace, new AbortController().signal);
  made.push(namespace);
  const seal = createTaskSeal(ring);
  const open = () =>
    sealedTasks(
      createKubeTaskStore({
        kube: fenceKube(kube),
        clock: systemClock,
        random: Math.random,
        namespace,
        seal,
        onRefused: ({ reason }) => {
          throw new Error(reason);
        },
        onError: (error) => {
          throw error;
        },
      }),
      (text) => seal.seal(text),
    );
  return { store: open(), reopen: open };
});

test('a task that has ended is not carried out again, even if its Secret is restored', async () => {
  const namespace = `tasks-${randomUUID().slice(0, 8)}`;
  await installSystemNamespace(kube, namespace, new AbortController().signal);
  made.push(namespace);
  const seal = createTaskSeal(ring);
  const refused: string[] = [];
  const onRefused = ({ reason }: { reason: string }) => refused.push(reason);
  const parts = {
    kube: fenceKube(kube),
    clock: systemClock,
    random: Math.random,
    namespace,
    seal,
    onError: () => undefined,
  };
  const store = sealedTasks(createKubeTaskStore({ ...parts, onRefused }), (text) => seal.seal(text));
  const end = new AbortController();
  const running = store.run(end.signal);
  await store.synced();
  const path = (id?: string) =>
    resourcePath({ group: '', version: 'v1', plural: 'secrets' }, namespace, id && `walm-task-${id}`);
  const task = taskWith({ id: 'once', createdAt: new Date().toISOString() });
  const stored = await store.create(task);
  const { metadata, type, data } = await kube.get(path('once'));
  await store.update(stored ?? { task, version: 0 }, { ...task, state: 'succeeded' });
  const { name, labels } = metadata;
  const ended = () => store.all().find(({ task: { id } }) => id === 'once')?.task.state;
  await eventually(async () => expect(await store.find('once')).toMatchObject({ task: { state: 'succeeded' } }));

  await kube.replace(path('once'), {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels },
    type,
    data,
  });
  await eventually(async () => expect(refused).toEqual([expect.stringContaining('has ended before')]));
  await kube.remove(path('once'));
  await kube.create(path(), { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels }, type, data });
  await eventually(async () => expect(refused).toHaveLength(2));
  expect([ended(), await store.find('once'), store.unfinished()]).toEqual([undefined, null, []]);
  end.abort();
  await running;
});
