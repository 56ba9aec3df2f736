import { describe, expect, it } from 'vitest';
import {
  containerStatus,
  kubeObject,
  manifestOf,
  picture,
  pod,
  READY_POD,
  warning,
} from '../../../test/harness/clients/kube-objects.ts';
import type { JsonObject } from '../json/json.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import { describeResources } from './resource-set.ts';

const NOW = Date.parse('2026-01-01T00:01:00Z');
const CRASHING = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [containerStatus('app', { ready: false, state: { waiting: { reason: 'CrashLoopBackOff' } } })],
};

/** State, and what is awaited, of the workload in a cluster with these other objects. */
function describeOne(workload: KubeObject, ...others: KubeObject[]) {
  const { resources, unready } = describeResources(picture(workload, ...others), manifestOf(workload), NOW);
  const [shown] = [...resources.deployments, ...resources.statefulsets, ...resources.daemonsets, ...resources.jobs];
  const waits = unready.flatMap(({ waitingFor }) => waitingFor.map(({ kind, reason }) => `${kind} ${reason}`));
  return { shown, state: shown?.state, waits };
}

function deployment(replicas: number, status: JsonObject): KubeObject {
  return kubeObject('apps/v1', 'Deployment', 'web', {
    spec: { replicas },
    status: { observedGeneration: 1, ...status },
  });
}

const REPLICA_SET = kubeObject(
  'apps/v1',
  'ReplicaSet',
  'web-1',
  {},
  {
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'Deployment/web' }],
  },
);
const ROLLED_OUT = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

const paused = (status: JsonObject): KubeObject => {
  const object = deployment(2, status);
  return { ...object, spec: { replicas: 2, paused: true } };
};

describe('a Deployment', () => {
  it.each([
    ['with all replicas updated and available is ready', deployment(2, ROLLED_OUT), 'Ready', []],
    ['scaled to nothing is ready', deployment(0, {}), 'Ready', []],
    [
      'whose controller has not seen the last change is not, whatever its replicas',
      deployment(2, { ...ROLLED_OUT, observedGeneration: 0 }),
      'Pending',
      ['Deployment NotObserved'],
    ],
    [
      'that still has old replicas is not',
      deployment(2, { ...ROLLED_OUT, replicas: 3 }),
      'Pending',
      ['Deployment PodNotCreated'],
    ],
    [
      'that gave up says so',
      deployment(2, {
        updatedReplicas: 2,
        conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
      }),
      'Pending',
      ['Deployment ProgressDeadlineExceeded'],
    ],
    [
      'whose rollout somebody paused says so',
      paused({ replicas: 2, updatedReplicas: 0, availableReplicas: 2 }),
      'Pending',
      ['Deployment DeploymentPaused'],
    ],
    ['that was paused after its rollout is ready', paused(ROLLED_OUT), 'Ready', []],
    [
      'whose pods a quota forbids says so',
      deployment(2, { conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' }] }),
      'Pending',
      ['Deployment FailedCreate'],
    ],
  ])('%s', (_name, object, status, waits) => {
    const described = describeOne(object);
    expect([described.state?.status, described.waits]).toEqual([status, waits]);
  });

  it('that was paused after its rollout shows that', () => {
    expect(describeOne(paused(ROLLED_OUT)).state).toMatchObject({ status: 'Ready', reason: 'DeploymentPaused' });
  });

  it('is described by the first pod that is not ready, and waits for the same', () => {
    const object = deployment(2, { replicas: 2, updatedReplicas: 2, availableReplicas: 1 });
    const pods = [pod('web-1-a', REPLICA_SET, READY_POD), pod('web-1-b', REPLICA_SET, CRASHING)];
    const { state, waits } = describeOne(object, REPLICA_SET, ...pods);
    expect(state).toEqual({
      status: 'Pending',
      reason: 'PodRunning',
      message: 'Pod demo/web-1-b is in state Running',
    });
    expect(waits).toEqual(['Pod CrashLoopBackOff']);
  });

  it('has the words of the original for a rollout in which every pod is ready', () => {
    const object = deployment(2, { replicas: 2, updatedReplicas: 1, availableReplicas: 2 });
    const { state, waits } = describeOne(object, REPLICA_SET, pod('web-1-a', REPLICA_SET, READY_POD));
    expect(state).toEqual({ status: 'Pending', reason: 'DeploymentUpdating', message: 'Deployment is updating' });
    expect(waits).toEqual(['Deployment Progressing']);
  });

  it('is Terminating when all of its pods are', () => {
    const going = pod('web-1-a', REPLICA_SET, READY_POD);
    going.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(describeOne(deployment(1, { replicas: 1 }), REPLICA_SET, going).state?.status).toBe('Terminating');
  });

  it('names the problems of a few pods, not of a thousand', () => {
    const pods = Array.from({ length: 20 }, (_, index) => pod(`web-1-${index}`, REPLICA_SET, CRASHING));
    expect(describeOne(deployment(20, { replicas: 20 }), REPLICA_SET, ...pods).waits).toHaveLength(5);
  });

  it('that the cluster does not have is NotFound, with zeros and nulls', () => {
    const { resources, unready } = describeResources(picture(), manifestOf(deployment(1, {})), NOW);
    expect(resources.deployments).toEqual([
      {
        name: 'web',
        namespace: 'demo',
        kind: 'Deployment',
        state: { status: 'NotFound', reason: '', message: '' },
        labels: null,
        annotations: null,
        expectedReplicas: 0,
        updatedReplicas: 0,
        currentReplicas: 0,
        availableReplicas: 0,
        pods: null,
      },
    ]);
    expect(unready.map(({ status }) => status)).toEqual(['NotFound']);
  });
});

function statefulSet(spec: JsonObject, status: JsonObject): KubeObject {
  return kubeObject('apps/v1', 'StatefulSet', 'db', {
    spec: { replicas: 3, selector: { matchLabels: { b: '2', a: '1' } }, ...spec },
    status: { observedGeneration: 1, readyReplicas: 3, currentRevision: 'r1', updateRevision: 'r1', ...status },
  });
}

describe('a StatefulSet', () => {
  const partition = (at: number) => ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: at } } });

  it.each([
    ['with all replicas ready, of one revision, is ready', statefulSet({}, {}), 'Ready'],
    ['with a replica that is not ready is not', statefulSet({}, { readyReplicas: 2 }), 'Pending'],
    ['in the middle of a rollout is not', statefulSet({}, { updateRevision: 'r2' }), 'Pending'],
    [
      'rolled out up to its partition is',
      statefulSet(partition(2), { updateRevision: 'r2', updatedReplicas: 1 }),
      'Ready',
    ],
    ['not rolled out up to its partition is not', statefulSet(partition(1), { updatedReplicas: 1 }), 'Pending'],
    [
      'that updates on delete does not wait for somebody to delete',
      statefulSet({ updateStrategy: { type: 'OnDelete' } }, { updateRevision: 'r2' }),
      'Ready',
    ],
    ['whose controller lags behind is not', statefulSet({}, { observedGeneration: 0 }), 'Pending'],
  ])('%s', (_name, object, status) => {
    expect(describeOne(object).state?.status).toBe(status);
  });

  it('shows its selector in order', () => {
    expect(describeOne(statefulSet({}, {})).shown).toMatchObject({ selector: 'a=1,b=2', currentVersion: 'r1' });
  });

  it('says what the cluster warned of when it could not make a pod', () => {
    const object = statefulSet({}, { readyReplicas: 0 });
    expect(describeOne(object, warning(object, 'FailedCreate', 'exceeded quota')).waits).toEqual([
      'StatefulSet FailedCreate',
    ]);
  });
});

describe('a DaemonSet', () => {
  const daemonSet = (status: JsonObject) =>
    kubeObject('apps/v1', 'DaemonSet', 'agent', { status: { observedGeneration: 1, ...status } });

  it.each([
    ['that no node wants is ready', daemonSet({ desiredNumberScheduled: 0 }), 'Ready'],
    [
      'available and up to date on each node is ready',
      daemonSet({ desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 }),
      'Ready',
    ],
    [
      'missing on a node is not',
      daemonSet({ desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 }),
      'Pending',
    ],
  ])('%s', (_name, object, status) => {
    expect(describeOne(object).state?.status).toBe(status);
  });
});

describe('a Job', () => {
  const job = (status: JsonObject, spec: JsonObject = {}) => kubeObject('batch/v1', 'Job', 'migrate', { spec, status });
  const condition = (type: string, reason = '', message = '') => ({
    conditions: [{ type, status: 'True', reason, message }],
  });

  it.each([
    ['that has completed is ready', job(condition('Complete')), { status: 'Ready', reason: '', message: '' }],
    [
      'that failed is Pending with the reason',
      job(condition('Failed', 'BackoffLimitExceeded', 'too often')),
      { status: 'Pending', reason: 'BackoffLimitExceeded', message: 'too often' },
    ],
    [
      'that runs says how many pods do',
      job({ active: 2 }),
      { status: 'Pending', reason: 'JobActive', message: 'There are 2 active pod' },
    ],
    [
      'that was not started yet says so',
      job({}),
      { status: 'Pending', reason: 'JobNotActive', message: 'There is no active pod' },
    ],
    [
      'that is suspended says so',
      job({}, { suspend: true }),
      { status: 'Suspended', reason: 'JobSuspended', message: 'The job is suspended' },
    ],
  ])('%s', (_name, object, state) => {
    expect(describeOne(object).state).toEqual(state);
  });

  it('waits for the pod that does not start', () => {
    const object = job({ active: 1 });
    const stuck = pod('migrate-1', object, {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
    });
    expect(describeOne(object, stuck).waits).toEqual(['Pod Unschedulable']);
  });
});
