import { expect, test } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { toReleaseRecord } from '../release/release-record.ts';
import { isReturn, watchedFor } from './rollout-plan.ts';

function record(operation: string, description: string) {
  const revision = recordedRevision({
    description,
    releaseConfig: releaseConfig({ onFailure: 'rollback' }),
    seal: { sealed: true, by: null, at: '', operation },
  });
  return toReleaseRecord(revision, { earlier: null, firstWritten: '' });
}

test.each([
  ['install', 'Install complete', 'rollback', false],
  ['upgrade', 'upgraded by ann', 'rollback', false],
  ['upgrade', 'rolled back to 1', 'rollback', false],
  ['upgrade', 'held: it crashes', 'rollback', false],
  ['rollback', 'upgraded by ann', undefined, true],
  ['rollback', 'rolled back to 1', undefined, true],
  ['hold', 'upgraded by ann', undefined, false],
  ['pause', '', undefined, false],
  ['relabel', '', undefined, false],
  ['adopt', '', undefined, false],
])('what %s made, described as "%s", is told by its seal', (operation, description, watched, returns) => {
  expect(watchedFor(record(operation, description))).toBe(watched);
  expect(isReturn(record(operation, description))).toBe(returns);
});

test('what is not sealed is watched for nothing', () => {
  const revision = recordedRevision({
    releaseConfig: releaseConfig({ onFailure: 'rollback' }),
    seal: { sealed: false, reason: 'it was edited' },
  });
  const unsealed = toReleaseRecord(revision, { earlier: null, firstWritten: '' });
  expect(watchedFor(unsealed)).toBeUndefined();
  expect(isReturn({ ...unsealed, outside: null })).toBe(false);
});
