import { describe, expect, it } from 'vitest';
import { containerStatus, kubeObject, pod, READY_POD } from '../../../test/harness/clients/kube-objects.ts';
import { podState, podStatus } from './pod-status.ts';

const OWNER = kubeObject('apps/v1', 'ReplicaSet', 'web');
const NOW = Date.parse('2026-01-01T00:00:05Z');

describe('the state of a pod', () => {
  it.each([
    ['that is ready', READY_POD, { status: 'Ready', reason: '', message: '' }],
    [
      'that runs and is not ready, by its Ready condition',
      {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: 'unready: [app]' }],
      },
      { status: 'Running', reason: 'ContainersNotReady', message: 'unready: [app]' },
    ],
    [
      'that no node takes, by the scheduler',
      {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no cpu' }],
      },
      { status: 'Pending', reason: 'Unschedulable', message: 'no cpu' },
    ],
    [
      'that waits for a container',
      {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'True' }],
        containerStatuses: [
          containerStatus('app', { state: { waiting: { reason: 'ErrImagePull', message: 'gone' } } }),
        ],
      },
      { status: 'Pending', reason: 'ErrImagePull', message: 'gone' },
    ],
    ['of which nothing is known yet', { phase: 'Pending' }, { status: 'Pending', reason: '', message: '' }],
    [
      'that failed, by the first container that ended badly',
      {
        phase: 'Failed',
        containerStatuses: [
          containerStatus('good', { state: { terminated: { exitCode: 0, reason: 'Completed' } } }),
          containerStatus('bad', { state: { terminated: { exitCode: 3, reason: 'Error', message: 'oops' } } }),
        ],
      },
      { status: 'Failed', reason: 'Error', message: 'oops' },
    ],
    ['that is done', { phase: 'Succeeded' }, { status: 'Succeeded', reason: '', message: '' }],
  ])('%s', (_name, status, state) => {
    expect(podState(pod('web-1', OWNER, status))).toEqual(state);
  });

  it('that is being deleted is Terminating, whatever it does', () => {
    const going = pod('web-1', OWNER, READY_POD);
    going.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(podState(going).status).toBe('Terminating');
  });
});

describe('a pod as it is shown', () => {
  it('has the keys of the original, in its order, with empty maps instead of nothing', () => {
    const ended = { terminated: { exitCode: 0, reason: 'Completed' } };
    const shown = podStatus(
      pod('web-1', OWNER, {
        ...READY_POD,
        hostIP: '10.0.0.1',
        podIP: '10.1.0.3',
        initContainerStatuses: [containerStatus('war', { state: ended })],
      }),
      NOW,
    );
    expect(JSON.stringify(shown)).toBe(
      JSON.stringify({
        name: 'web-1',
        namespace: 'demo',
        kind: 'Pod',
        state: { status: 'Ready', reason: '', message: '' },
        labels: {},
        annotations: {},
        hostIp: '10.0.0.1',
        podIp: '10.1.0.3',
        containers: [
          {
            name: 'app',
            image: 'app:1',
            ready: true,
            restartCount: 0,
            state: { status: 'Running', reason: '', message: '' },
          },
        ],
        age: '5s',
        initContainers: [
          {
            name: 'war',
            image: 'war:1',
            ready: true,
            restartCount: 0,
            state: { status: 'Terminated', reason: '', message: 'Completed' },
          },
        ],
      }),
    );
  });

  it('has the text of a waiting container in `reason` and the reason in `message`, as the original swapped them', () => {
    const waiting = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } };
    const status = { phase: 'Running', containerStatuses: [containerStatus('app', { state: waiting })] };
    const [container] = podStatus(pod('web-1', OWNER, status), NOW).containers;
    expect(container?.state).toEqual({ status: 'Waiting', reason: 'back-off 10s', message: 'CrashLoopBackOff' });
  });
});
