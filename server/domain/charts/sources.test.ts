import { describe, expect, test } from 'vitest';
import type { ChartOrigin } from './chart-origin.ts';
import { otherVersion } from './other-version.ts';
import { overriddenSources, usedSource } from './used-source.ts';

const held = { namespace: 'shop', name: 'web', chartName: 'nginx', chartVersion: '1.0.0' };
const from = (kind: ChartOrigin['kind'], ref: string) => ({
  ...held,
  source: { kind, ref, version: '1.0.0', digest: 'd' },
});
const repository = from('repository', 'stable/nginx');
const image = from('image', 'host:5000/charts/nginx:1.0.0');

describe('a version or repository without a chart', () => {
  test.each([
    [{}, repository, null],
    [{ chartVersion: '', repoName: '' }, repository, null],
    [{ chartVersion: '1.0.0' }, repository, null],
    [{ repoName: 'stable' }, repository, null],
    [{ chartVersion: '2.0.0' }, repository, { repoName: 'stable', chartName: 'nginx', chartVersion: '2.0.0' }],
    [{ chartVersion: '~2' }, repository, { repoName: 'stable', chartName: 'nginx', chartVersion: '~2' }],
    [{ repoName: 'qa' }, repository, { repoName: 'qa', chartName: 'nginx', chartVersion: '1.0.0' }],
    [{ chartVersion: '2', repoName: 'qa' }, repository, { repoName: 'qa', chartName: 'nginx', chartVersion: '2' }],
    [{ chartVersion: '2.0.0+b1' }, image, { chartImage: 'host:5000/charts/nginx:2.0.0_b1' }],
    [{ chartVersion: '2.0.0' }, from('image', 'host/nginx@sha256:ab'), { chartImage: 'host/nginx:2.0.0' }],
    [{ chartVersion: '1.0.0' }, image, null],
    [{ repoName: 'qa' }, image, { repoName: 'qa', chartName: 'nginx', chartVersion: '1.0.0' }],
    [{ chartVersion: '1.0.0' }, from('archive', 'x.tgz'), null],
    [{ repoName: 'qa' }, from('archive', 'x.tgz'), { repoName: 'qa', chartName: 'nginx', chartVersion: '1.0.0' }],
    [{ repoName: 'qa' }, { ...held, source: null }, { repoName: 'qa', chartName: 'nginx', chartVersion: '1.0.0' }],
  ])('%j of %j', (wanted, chart, asked) => {
    expect(otherVersion(wanted, chart)).toEqual(asked);
  });

  test.each([from('archive', 'x.tgz'), from('record', 'sh.helm.release.v1.web.v1'), { ...held, source: null }])(
    'is refused where no place has other versions: %j',
    (chart) => {
      expect(() => otherVersion({ chartVersion: '2.0.0' }, chart)).toThrow(
        expect.objectContaining({ code: 'CHART_MISSING' }),
      );
    },
  );
});

describe('sources that are overridden', () => {
  const all = { chartImage: 'host/web:6.0.0', repoName: 'qa', chartVersion: '5.2.0', chartName: 'zookeeper' };
  const chart = { name: 'zookeeper', version: '6.1.0' };

  test('are reported, each with its field', () => {
    const paths = (kind: ChartOrigin['kind'], request = all) =>
      overriddenSources(request, { kind }, chart).map(({ path }) => path);
    expect(paths('archive')).toEqual(['/chartImage', '/repoName', '/chartVersion']);
    expect(paths('image')).toEqual(['/repoName', '/chartVersion']);
    expect(paths('archive', { ...all, chartName: 'kafka' })).toContain('/chartName');
    expect(paths('repository', { ...all, chartImage: '' })).toEqual([]);
    expect(overriddenSources({ ...all, chartVersion: '6.1.0', repoName: '' }, { kind: 'image' }, chart)).toEqual([]);
  });

  test('are not recorded as what was used', () => {
    expect(usedSource(all, { kind: 'archive', ref: 'x.tgz' }, false)).toEqual({ repoName: '', chartImage: '' });
    expect(usedSource(all, { kind: 'image', ref: 'host/web:6.0.0' }, false)).toEqual({
      repoName: '',
      chartImage: 'host/web:6.0.0',
    });
    expect(usedSource({ repoName: 'qa', chartImage: '' }, { kind: 'repository', ref: 'qa/web' }, false)).toEqual({
      repoName: 'qa',
      chartImage: '',
    });
  });

  test('are kept by a change that names none', () => {
    const none = { repoName: '', chartImage: '' };
    const image = { kind: 'image', ref: 'host/web:1' } as const;
    expect(usedSource(none, image, false)).toEqual({ repoName: '', chartImage: 'host/web:1' });
    expect(usedSource(none, { kind: 'repository', ref: 'qa/web' }, false)).toEqual({ repoName: 'qa', chartImage: '' });
    expect(usedSource(none, { kind: 'archive', ref: 'web.tgz' }, false)).toEqual(none);
    expect(usedSource(none, { kind: 'record', ref: 'sh.helm.release.v1.web.v1' }, false)).toEqual(none);
  });

  test('name no repository that the request did not, as the original', () => {
    const none = { repoName: '', chartImage: '' };
    expect(usedSource(none, { kind: 'repository', ref: 'qa/web' }, true)).toEqual(none);
    const named = { repoName: 'qa', chartImage: '' };
    expect(usedSource(named, { kind: 'repository', ref: 'qa/web' }, true)).toEqual(named);
  });
});
