import { expect, it } from 'vitest';
import { kubeObject, manifestOf, picture, pod, READY_POD } from '../../../test/harness/clients/kube-objects.ts';
import { countPods } from './count-pods.ts';
import { describeResources } from './resource-set.ts';

const DB = kubeObject('apps/v1', 'StatefulSet', 'db', { spec: { replicas: 3 }, status: { observedGeneration: 1 } });
const AGENT = kubeObject('apps/v1', 'DaemonSet', 'agent', {
  spec: {},
  status: { observedGeneration: 1, desiredNumberScheduled: 2 },
});
const MIGRATION = kubeObject('batch/v1', 'Job', 'migration', { spec: { completions: 1 }, status: {} });

it('counts the pods that there should be, and the ready ones of these', () => {
  const pods = [
    pod('db-0', DB, READY_POD),
    pod('db-1', DB, { phase: 'Pending' }),
    // A rollout has more pods for a while.
    ...['agent-a', 'agent-b', 'agent-c'].map((name) => pod(name, AGENT, READY_POD)),
    pod('migration-x', MIGRATION, READY_POD),
  ];
  const view = picture(DB, AGENT, MIGRATION, ...pods);
  const { resources, objects } = describeResources(view, manifestOf(DB, AGENT, MIGRATION), 0);
  expect(countPods(resources)).toEqual({ ready: 3, total: 5 });
  expect(objects).toMatchObject({ total: 3 });
});

it('is nothing without workloads', () => {
  const { resources, objects } = describeResources(picture(), [], 0);
  expect([countPods(resources), objects]).toEqual([
    { ready: 0, total: 0 },
    { ready: 0, total: 0 },
  ]);
});
