import { describe, expect, it } from 'vitest';
import { kubeObject, picture } from '../../../test/harness/clients/kube-objects.ts';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import type { JsonObject } from '../json/json.ts';
import { liveReadiness } from '../answers/live-readiness.ts';
import { pauseDocuments } from '../workloads/pause-documents.ts';
import { pauseRules } from '../workloads/pause-plan.ts';
import { toReleaseRecord } from '../release/release-record.ts';

const job = (spec: JsonObject) => ({
  index: 0,
  source: '',
  apiVersion: 'batch/v1',
  kind: 'Job',
  namespace: 'demo',
  name: 'once',
  object: { spec },
});
const PASSING = job({ ttlSecondsAfterFinished: 0 });
const UPDATED = '2026-03-01T00:00:00Z';
const readiness = (document: typeof PASSING, seconds: number, ...objects: Parameters<typeof picture>) => {
  const revision = recordedRevision({ objects: [document], updated: UPDATED });
  const record = toReleaseRecord(revision, { earlier: null, firstWritten: UPDATED });
  return liveReadiness(record, picture(...objects), Date.parse(UPDATED) + seconds * 1000);
};

describe('a Job that removes itself when it is done', () => {
  it('is done when it is gone', () => {
    expect(readiness(PASSING, 60)).toMatchObject({ ready: true, waitingFor: [] });
    expect(readiness(job({}), 60)).toMatchObject({ ready: false });
  });

  it('may not have been seen yet', () => {
    expect(readiness(PASSING, 1)).toMatchObject({ ready: false });
  });

  it('is waited for while it is there', () => {
    expect(readiness(PASSING, 60, kubeObject('batch/v1', 'Job', 'once'))).toMatchObject({ ready: false });
  });

  it('is not made again by a pause, and suspended where it has never run', () => {
    const paused = (recorded: (typeof PASSING)[]) =>
      pauseDocuments([PASSING], pauseRules(picture(), true, recorded)).paused.length;
    expect(paused([PASSING])).toBe(0);
    expect(paused([])).toBe(1);
  });
});
