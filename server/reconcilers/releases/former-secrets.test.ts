import { expect, test } from 'vitest';
import { createMasker } from '../../domain/masking/masker.ts';
import { NO_SEAL } from '../../domain/seals/seal-state.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { createFormerSecrets } from './former-secrets.ts';

const secret = (text: string) => createMasker([{ text }]);
const revision = (number: number, status: HelmRelease['status'], password = ''): HelmRelease => ({
  name: 'web',
  namespace: 'demo',
  revision: number,
  status,
  chartName: 'web',
  chartVersion: '1.0.0',
  appVersion: '',
  updated: '2026-01-01T00:00:00Z',
  firstDeployed: '2026-01-01T00:00:00Z',
  description: '',
  labels: {},
  config: {},
  computedValues: { password },
  manifest: '',
  hooks: [],
  notes: '',
  chartMetadata: {},
  objects: [],
  releaseConfig: null,
  schemas: [{ path: [], schema: { properties: { password: { writeOnly: true } } } }],
  metaFiles: {},
  warnings: [],
  seal: NO_SEAL,
});
const mark = (number: number, status: string) => ({
  revision: number,
  status,
  uid: `u${number}`,
  resourceVersion: '1',
});

test('the secrets of the revision before are masked, and those of the one before it are not kept', async () => {
  const former = createFormerSecrets({ getReleases: () => Promise.reject(new Error('nothing is to be read')) });
  await former.with('demo/web', revision(1, 'deployed'), secret('first-secret'), []);
  const second = await former.with('demo/web', revision(2, 'deployed'), secret('second-secret'), []);
  expect(second.text('first-secret and second-secret')).toBe('*** and ***');
  const again = await former.with('demo/web', revision(2, 'superseded' as const), secret('second-secret'), []);
  expect(again.text('first-secret and second-secret')).toBe('*** and ***');
  const third = await former.with('demo/web', revision(3, 'deployed'), secret('third-secret'), []);
  expect(third.text('first-secret second-secret third-secret')).toBe('first-secret *** ***');
  former.forget('demo/web');
  const fourth = await former.with('demo/web', revision(4, 'deployed'), secret('fourth-secret'), []);
  expect(fourth.text('third-secret fourth-secret')).toBe('third-secret ***');
});

test('what runs is read where the newest revision failed', async () => {
  const former = createFormerSecrets({
    getReleases: () => Promise.resolve([revision(1, 'deployed', 'running-secret')]),
  });
  const kept = [mark(1, 'deployed'), mark(2, 'failed')];
  const masker = await former.with('demo/web', revision(2, 'failed'), secret('new-secret'), kept);
  expect(masker.text('running-secret new-secret')).toBe('*** ***');
});
