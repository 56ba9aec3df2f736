import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { describeTaskStore } from '../../../ports/storage/task-store.conformance.ts';
import { createSealRing } from '../../../services/trust/seal-ring.ts';
import { createTaskSeal } from '../../../services/trust/task-seal.ts';
import { systemClock } from '../../system/system-clock.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { resourcePath } from '../client/resource-path.ts';
import { installSystemNamespace } from './system-namespace.ts';
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
  await installSystemNamespace(kube, namespace, AbortSignal.timeout(10_000));
  made.push(namespace);
  const seal = createTaskSeal(ring);
  const open = () =>
    sealedTasks(
      createKubeTaskStore({
        kube,
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
