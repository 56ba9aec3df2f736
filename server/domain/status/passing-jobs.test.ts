import { describe, expect, it } from 'vitest';
import { kubeObject, picture } from '../../../test/harness/clients/kube-objects.ts';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import type { JsonObject } from '../json/json.ts';
import { liveReadiness } from '../answers/live-readiness.ts';
import { pauseDocuments } from '../workloads/pause-documents.ts';
import { pauseRules } from '../workloads/pause-plan.ts';
import { toReleaseRecord } from '../release/release-record.ts';
import { withAges } from './passing-jobs.ts';

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

  it('is as old as it was after a change that leaves it alone', () => {
    const later = '2026-03-01T01:00:00Z';
    const at = (revision: number, updated: string, digest: string) => {
      const recorded = recordedRevision({ revision, updated, objects: [{ ...PASSING, digest }] });
      return { ...toReleaseRecord(recorded, { earlier: null, firstWritten: UPDATED }), outside: null };
    };
    const isReady = (record: ReturnType<typeof at>) => liveReadiness(record, picture(), Date.parse(later) + 1000).ready;
    const now = at(2, later, 'a');
    const before = at(1, UPDATED, 'a');
    const aged = { ...now, objects: withAges(now, before) };
    expect(isReady(now)).toBe(false);
    expect(isReady(aged)).toBe(true);
    // Read once more, and after one more change.
    expect(isReady({ ...now, objects: withAges(now, aged) })).toBe(true);
    expect(withAges(at(3, later, 'a'), aged)[0]?.since).toBe(UPDATED);
    // Another document, another client, or another release of the name.
    for (const [next, former] of [
      [now, at(1, UPDATED, 'b')],
      [{ ...now, outside: { revision: 1, since: later } }, before],
      [at(1, later, 'a'), before],
      [at(1, later, 'a'), at(2, UPDATED, 'a')],
      [now, undefined],
    ] as const) {
      expect(withAges(next, former)[0]).not.toHaveProperty('since');
    }
  });

  it('is not made again by a pause, and suspended where it has never run', () => {
    const paused = (recorded: (typeof PASSING)[]) =>
      pauseDocuments([PASSING], pauseRules(picture(), true, recorded)).paused.length;
    expect(paused([PASSING])).toBe(0);
    expect(paused([])).toBe(1);
  });
});
