import { expect, it } from 'vitest';
import { HELM_STATUSES } from '../server/domain/revisions/helm-status.ts';
import { phaseOf, type PhaseFacts } from './release-phase.ts';

const RUNS: PhaseFacts = { status: 'deployed', paused: false, ready: true };

it.each<[string, PhaseFacts, string]>([
  ['is ready', RUNS, 'ready'],
  ['waits for objects', { ...RUNS, ready: false }, 'progressing'],
  ['is paused, ready or not', { ...RUNS, paused: true, ready: false }, 'paused'],
  ['was superseded by what failed', { ...RUNS, status: 'superseded' }, 'ready'],
  ['has a task that waits', { ...RUNS, task: { state: 'queued' } }, 'changing'],
  [
    'has a task that runs, whatever failed before',
    { ...RUNS, status: 'failed', task: { state: 'running' } },
    'changing',
  ],
  ['has a task that failed, and runs on', { ...RUNS, task: { state: 'failed' } }, 'ready'],
  ['was never installed', { ...RUNS, status: '', ready: false, task: { state: 'failed' } }, 'failed'],
  ['is about to be there', { ...RUNS, status: '', ready: false }, 'changing'],
])('a release that %s', (_name, facts, phase) => {
  expect(phaseOf(facts)).toBe(phase);
});

it("every status of Helm's has its phase", () => {
  const phases = Object.fromEntries(HELM_STATUSES.map((status) => [status, phaseOf({ ...RUNS, status })]));
  expect(phases).toEqual({
    unknown: 'changing',
    deployed: 'ready',
    uninstalled: 'changing',
    superseded: 'ready',
    failed: 'failed',
    uninstalling: 'changing',
    'pending-install': 'changing',
    'pending-upgrade': 'changing',
    'pending-rollback': 'changing',
    unreadable: 'failed',
  });
});
