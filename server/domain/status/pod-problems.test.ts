import { describe, expect, it } from 'vitest';
import { containerStatus, kubeObject, picture, pod, warning } from '../../../test/harness/clients/kube-objects.ts';
import type { JsonObject } from '../json/json.ts';
import { podProblems } from './pod-problems.ts';

const OWNER = kubeObject('apps/v1', 'ReplicaSet', 'web');
const SCHEDULED = { type: 'PodScheduled', status: 'True' };

function running(container: JsonObject, rest: JsonObject = {}): JsonObject {
  const status = { phase: 'Running', conditions: [SCHEDULED], ...rest };
  return { ...status, containerStatuses: [containerStatus('app', { ready: false, ...container })] };
}

function waiting(reason: string, message = ''): JsonObject {
  return { state: { waiting: { reason, message } } };
}

describe('what a pod waits for', () => {
  it.each<[string, JsonObject, string, string, string | undefined]>([
    [
      'an image, with its name',
      running(waiting('ImagePullBackOff', 'Back-off pulling')),
      'ImagePullBackOff',
      'image app:1 cannot be pulled: Back-off pulling',
      'app',
    ],
    [
      'a container that crashes, with how often and how',
      running({
        ...waiting('CrashLoopBackOff', 'back-off 5m0s'),
        restartCount: 7,
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      }),
      'CrashLoopBackOff',
      'restarted 7 times, last ended with exit code 137 (OOMKilled)',
      'app',
    ],
    [
      'a container that cannot be configured, in the words of the kubelet',
      running(waiting('CreateContainerConfigError', 'secret "x" not found')),
      'CreateContainerConfigError',
      'secret "x" not found',
      'app',
    ],
    [
      'a container that ended',
      running({ state: { terminated: { exitCode: 1, reason: 'Error' } } }),
      'Error',
      'ended with exit code 1 (Error)',
      'app',
    ],
    ['a readiness probe', running({}), 'ReadinessProbe', 'runs, but its readiness probe has not passed yet', 'app'],
    [
      'a startup probe',
      running({ started: false }),
      'StartupProbe',
      'runs, but its startup probe has not passed yet',
      'app',
    ],
    [
      'the scheduler, in its words',
      {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }],
      },
      'Unschedulable',
      '0/3 nodes',
      undefined,
    ],
    [
      'an init container that still runs, and not for those behind it',
      running(waiting('PodInitializing'), {
        initContainerStatuses: [containerStatus('migrate', { ready: false })],
      }),
      'InitContainer',
      'the init container has not finished yet',
      'migrate',
    ],
    [
      'an init container that crashes',
      running(waiting('PodInitializing'), {
        initContainerStatuses: [
          containerStatus('migrate', {
            ready: false,
            restartCount: 2,
            ...waiting('CrashLoopBackOff'),
            lastState: { terminated: { exitCode: 1 } },
          }),
        ],
      }),
      'CrashLoopBackOff',
      'restarted 2 times, last ended with exit code 1',
      'migrate',
    ],
    [
      'its node',
      { phase: 'Pending', conditions: [SCHEDULED] },
      'Pending',
      'its node has not started it yet',
      undefined,
    ],
    [
      'an eviction that happened',
      { phase: 'Failed', reason: 'Evicted', message: 'low on disk' },
      'Evicted',
      'low on disk',
      undefined,
    ],
  ])('is %s', (_name, status, reason, message, container) => {
    const [first, ...others] = podProblems(picture(), pod('web-1', OWNER, status));
    expect(first).toEqual({
      kind: 'Pod',
      namespace: 'demo',
      name: 'web-1',
      reason,
      message,
      ...(container !== undefined && { container }),
    });
    expect(others).toEqual([]);
  });

  it('is the probe, with what it last said', () => {
    const unready = pod('web-1', OWNER, running({}));
    const view = picture(unready, warning(unready, 'Unhealthy', 'Readiness probe failed: HTTP 503'));
    expect(podProblems(view, unready)[0]?.message).toContain('has not passed yet: Readiness probe failed: HTTP 503');
  });

  it('is the volume that cannot be mounted, where the container alone says nothing', () => {
    const unready = pod('web-1', OWNER, running(waiting('ContainerCreating')));
    const view = picture(unready, warning(unready, 'FailedMount', 'configmap "settings" not found'));
    expect(podProblems(view, unready)[0]?.message).toBe(
      'the container is not started yet: configmap "settings" not found',
    );
  });

  it('is also a claim without a volume', () => {
    const status = { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', message: 'unbound' }] };
    const claim = kubeObject('v1', 'PersistentVolumeClaim', 'data', {
      spec: { storageClassName: 'fast' },
      status: { phase: 'Pending' },
    });
    const unready = pod('web-1', OWNER, status, { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] });
    const view = picture(claim, unready, warning(claim, 'ProvisioningFailed', 'class "fast" not found'));
    expect(podProblems(view, unready).map(({ kind, reason, message }) => [kind, reason, message])).toEqual([
      ['Pod', 'Unscheduled', 'unbound'],
      ['PersistentVolumeClaim', 'Unbound', 'no volume is bound to it yet (storage class fast): class "fast" not found'],
    ]);
  });

  it('is a readiness gate, when all containers are ready', () => {
    const status = { phase: 'Running', conditions: [SCHEDULED], containerStatuses: [containerStatus('app')] };
    const gated = pod('web-1', OWNER, status, { readinessGates: [{ conditionType: 'example.com/lb' }] });
    expect(podProblems(picture(), gated)).toMatchObject([
      { reason: 'ReadinessGate', message: 'its condition example.com/lb is not true yet' },
    ]);
  });
});
