import { beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { createObjectIndex, type ObjectIndex } from '../indexes/object-index.ts';
import { judgeRollout } from './rollout-state.ts';

const REF = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'demo', name: 'web' };
const WRITTEN = Date.parse('2026-01-01T00:00:00Z');
const DEADLINE = 600_000;

let live: ObjectIndex;
beforeEach(() => {
  live = createObjectIndex();
});

function put(available: number, conditions: JsonObject[] = []) {
  live.put({
    ...REF,
    metadata: { name: 'web', namespace: 'demo', uid: 'web', generation: 1 },
    spec: { replicas: 1 },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: available, conditions },
  });
}

/** A pod that waits for this reason, created some seconds after the revision was written. */
function putPod(reason: string, afterSec: number) {
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'web', controller: true };
  const creationTimestamp = new Date(WRITTEN + afterSec * 1000).toISOString();
  live.put({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${afterSec}`, namespace: 'demo', creationTimestamp, ownerReferences: [owner] },
    status: {
      phase: 'Pending',
      containerStatuses: [{ name: 'main', image: 'x', ready: false, state: { waiting: { reason } } }],
    },
  });
}

const judge = (afterSec: number) =>
  judgeRollout(live, { objects: [REF], sinceMs: WRITTEN, nowMs: WRITTEN + afterSec * 1000, deadlineMs: DEADLINE });

describe('a rollout', () => {
  test('is done when its workloads are ready', () => {
    put(1);
    expect(judge(1)).toEqual({ is: 'done' });
  });

  test('goes on while a workload is not there yet, or makes progress', () => {
    expect(judge(1)).toEqual({ is: 'going' });
    put(0);
    putPod('ContainerCreating', 1);
    expect(judge(10_000)).toEqual({ is: 'going' });
  });

  test('failed when a Deployment has given up', () => {
    put(0, [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }]);
    expect(judge(1)).toEqual({ is: 'failed', reason: 'Deployment demo/web: timed out' });
  });

  test.each(['CrashLoopBackOff', 'ImagePullBackOff'])('failed by %s, once that has lasted', (reason) => {
    put(0);
    putPod(reason, 10);
    expect(judge(609)).toEqual({ is: 'going' });
    expect(judge(610)).toMatchObject({ is: 'failed', reason: expect.stringContaining(reason) });
  });

  test('is not judged by pods that were there before', () => {
    put(0);
    putPod('CrashLoopBackOff', -60);
    expect(judge(1_000)).toEqual({ is: 'going' });
  });
});
