import { describe, expect, it } from 'vitest';
import { kubeObject, picture, pod, READY_POD } from '../../../test/harness/clients/kube-objects.ts';
import { describeEvent } from './describe-event.ts';
import { owningRelease } from './owning-release.ts';

const marks = (name: string, namespace = 'demo') => ({
  annotations: { 'meta.helm.sh/release-name': name, 'meta.helm.sh/release-namespace': namespace },
});

describe('the release of an object', () => {
  const set = kubeObject('apps/v1', 'StatefulSet', 'my-web', {}, marks('web'));

  it('is the one that Helm marked it with, or one of its owners', () => {
    expect(owningRelease(set, picture())).toBe('web');
    expect(owningRelease(pod('my-web-0', set, READY_POD), picture(set))).toBe('web');
    expect(owningRelease(pod('my-web-0', set, READY_POD), picture())).toBeNull();
  });

  it('is that of the StatefulSet that made a claim', () => {
    const claim = (name: string) => kubeObject('v1', 'PersistentVolumeClaim', name);
    expect(owningRelease(claim('data-my-web-10'), picture(set))).toBe('web');
    expect(owningRelease(claim('web-0'), picture(set))).toBeNull();
  });

  it('is none of another namespace, whatever the object says', () => {
    expect(owningRelease(kubeObject('v1', 'Pod', 'a', {}, marks('web', 'other')), picture())).toBeNull();
  });

  it('is found though owners own each other', () => {
    const owner = (name: string) => [{ apiVersion: 'v1', kind: 'Pod', name, uid: name }];
    const [a, b] = [
      kubeObject('v1', 'Pod', 'a', {}, { ownerReferences: owner('b') }),
      kubeObject('v1', 'Pod', 'b', {}, { ownerReferences: owner('a') }),
    ];
    expect(owningRelease(a, picture(a, b))).toBeNull();
  });
});

describe('an event', () => {
  it('of the newer API says the same', () => {
    const event = kubeObject('v1', 'Event', 'e', {
      type: 'Normal',
      reason: 'Scheduled',
      message: 'to n1',
      eventTime: '2026-01-01T00:00:00.123456Z',
      firstTimestamp: null,
      reportingComponent: 'scheduler',
      reportingInstance: 'scheduler-1',
      series: { count: 3, lastObservedTime: '2026-01-01T00:00:09.000001Z' },
    });
    expect(describeEvent(event)).toEqual({
      type: 'Normal',
      reason: 'Scheduled',
      message: 'to n1',
      from: 'scheduler, scheduler-1',
      count: 3,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:09Z',
    });
  });

  it('that says nothing happened once, when it was made', () => {
    const event = kubeObject('v1', 'Event', 'e', {}, { creationTimestamp: '2026-01-01T00:00:00Z' });
    expect(describeEvent(event)).toMatchObject({ count: 1, from: '', lastTimestamp: '2026-01-01T00:00:00Z' });
  });
});
