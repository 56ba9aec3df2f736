import { describe, expect, test } from 'vitest';
import type { ObjectRef } from '../../domain/kube/kube-object.ts';
import type { PodRef, Workloads } from './workloads.ts';

/** Workloads under test, with a Deployment of one replica in `namespace`, and its resulting state. */
export type WorkloadsUnderTest = {
  workloads: Workloads;
  deployment: ObjectRef;
  /** A pod that exists. */
  makePod(): Promise<PodRef>;
  podExists(pod: PodRef): Promise<boolean>;
  /** How often the pod template was changed, and the desired replicas. */
  stateOf(): Promise<{ generation: number; restartedAt: string | undefined; replicas: number }>;
};

const AT = '2026-01-01T00:00:00.000Z';

/** The contract of every adapter of the port. */
export function workloadsConformance(name: string, open: () => Promise<WorkloadsUnderTest>): void {
  describe(`workloads by ${name}`, () => {
    test('roll once for one restart, and again for another', async () => {
      const { workloads, deployment, stateOf } = await open();
      const { generation } = await stateOf();
      await workloads.roll(deployment, AT, null);
      await workloads.roll(deployment, AT, null);
      expect(await stateOf()).toMatchObject({ generation: generation + 1, restartedAt: AT });
      await workloads.roll(deployment, '2026-01-02T00:00:00.000Z', null);
      expect((await stateOf()).generation).toBe(generation + 2);
    });

    test('are read as they are now', async () => {
      const { workloads, deployment } = await open();
      await workloads.scale(deployment, 2, null);
      const { name, namespace } = deployment;
      expect(await workloads.read(deployment)).toMatchObject({ metadata: { name, namespace }, spec: { replicas: 2 } });
      expect(await workloads.read({ ...deployment, name: 'missing' })).toBeUndefined();
    });

    test('are scaled', async () => {
      const { workloads, deployment, stateOf } = await open();
      await workloads.scale(deployment, 3, null);
      expect((await stateOf()).replicas).toBe(3);
    });

    test('lose the pod that is meant, and no other of its name', async () => {
      const { workloads, makePod, podExists } = await open();
      const pod = await makePod();
      await workloads.removePod({ ...pod, uid: '00000000-0000-4000-8000-000000000000' }, null);
      expect(await podExists(pod)).toBe(true);
      await workloads.removePod(pod, null);
      await workloads.removePod(pod, null);
      expect(await podExists(pod)).toBe(false);
    });

    test('that do not exist are passed over', async () => {
      const { workloads, deployment } = await open();
      const missing = { ...deployment, name: 'missing' };
      await expect(workloads.roll(missing, AT, null)).resolves.toBeUndefined();
      await expect(workloads.scale(missing, 1, null)).resolves.toBeUndefined();
    });
  });
}
