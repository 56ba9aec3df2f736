import { expect, test } from 'vitest';
import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import { changesOnlyLabels } from './label-change.ts';

const labels = { releaseLabels: { team: 'a' } };

test.each<[string, ReleaseRequest, boolean]>([
  ['labels', { name: 'web', ...labels }, true],
  ['labels, and fields that say nothing', { ...labels, configValues: {}, plugins: [], repoName: '', unset: [] }, true],
  ['no labels', { name: 'web', releaseLabels: {} }, false],
  ['labels and values', { ...labels, configValues: { a: null } }, false],
  ['labels and values forgotten', { ...labels, resetValues: true }, false],
  ['labels and a chart', { ...labels, chartName: 'web' }, false],
])('a request with %s', (_, request, only) => {
  expect(changesOnlyLabels(request)).toBe(only);
});
