import { describe, expect, it } from 'vitest';
import { appliedRevision, type KeptRevision, wasApplied } from './applied-revision.ts';

/** `1 deployed, 2 failed`, each with an optional description after a colon. */
function history(text: string): KeptRevision[] {
  return text.split(', ').map((entry) => {
    const [head = '', description] = entry.split(' = ');
    const [revision, status = ''] = head.split(' ');
    return { revision: Number(revision), status, ...(description !== undefined && { description }) };
  });
}

describe('the applied revision of a history', () => {
  it.each([
    ['1 deployed', 1],
    ['1 superseded, 2 deployed', 2],
    ['1 superseded, 2 deployed, 3 failed, 4 failed', 2],
    ['1 deployed, 2 pending-upgrade', 1],
    ['1 deployed, 2 failed, 3 pending-rollback', 1],
    // The writer of the newest one crashed before it superseded the previous one.
    ['1 deployed, 2 deployed', 2],
    // A failed rollback of plain Helm marks the revision it began at as superseded.
    ['1 superseded, 2 superseded, 3 failed', 2],
    ['1 superseded, 2 superseded = Upgrade "r" failed: no, 3 failed', 1],
    ['1 superseded, 2 superseded = interrupted: the cluster went away, 3 failed', 1],
    // Nothing was ever applied.
    ['1 failed', 1],
    ['1 pending-install', 1],
    ['1 failed, 2 failed', 2],
    // A delete in progress has marked the failed attempt above the applied revision.
    ['1 deployed, 2 uninstalling', 1],
    ['1 superseded, 2 uninstalling', 2],
    ['2 uninstalling', 2],
    ['1 superseded, 2 uninstalled, 3 failed', 3],
    ['1 superseded, 2 uninstalled', 2],
    // A record without Helm's labels is judged by its content.
    ['1 deployed, 2 unknown', 2],
  ])('of %s is %i', (text, revision) => {
    expect(appliedRevision(history(text))?.revision).toBe(revision);
  });

  it('is none where nothing is kept', () => {
    expect(appliedRevision([])).toBeUndefined();
  });
});

it('knows which revisions were in force', () => {
  const kept = history('1 superseded, 2 failed, 3 superseded = Rollback "r" failed: no, 4 deployed, 5 pending-upgrade');
  expect(kept.filter(wasApplied).map(({ revision }) => revision)).toEqual([1, 4]);
});
