import { describe, expect, test } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryHelm } from '../../adapters/memory/helm-releases.ts';
import type { ChartOrigin } from '../../domain/charts/chart-origin.ts';
import type { VersionWanted } from '../../domain/charts/other-version.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import type { ChartWanted } from './resolve-chart.ts';
import { createFindChart } from './find-chart.ts';

const source: ChartOrigin = { kind: 'repository', ref: 'stable/web', version: '1.0.0', digest: 'd1' };

/** Finds the chart of a release that was made from `origin`; `lost`: the stored archive is gone. */
async function find(
  origin: ChartOrigin,
  {
    lost = false,
    outside = '',
    hasSubcharts = false,
    unattended = false,
    now = 'd2',
    wanted = {},
  }: {
    lost?: boolean;
    outside?: string;
    hasSubcharts?: boolean;
    unattended?: boolean;
    now?: string;
    wanted?: VersionWanted;
  } = {},
) {
  const config = releaseConfig({ source: { ...origin } });
  const facts = readReleaseFacts(config);
  const asked: ChartWanted['request'][] = [];
  const engine = createMemoryHelm(createManualClock());
  const current = recordedRevision({
    ...(outside === '' ? { releaseConfig: config } : { chartVersion: outside }),
    chartMetadata: hasSubcharts ? { dependencies: [{ name: 'cache' }] } : {},
  });
  engine.record(current);
  const findChart = createFindChart({
    engine,
    restoreRecorded: () => (lost ? Promise.reject(problem('CHART_NOT_RECORDED', 'lost')) : Promise.resolve()),
    resolveChart: ({ request }) => {
      asked.push(request);
      const chart = { digest: now, bytes: 1, name: 'web', version: '1.0.0' };
      return Promise.resolve({ chart, origin: { ...origin, digest: now }, created: '' });
    },
  });
  return {
    found: await findChart(current, facts && { facts, config: {} }, {
      caller: null,
      wanted,
      ...(unattended && { judged: [] }),
    }),
    asked,
  };
}

describe('the chart of an upgrade that names none', () => {
  test('is the archive that was kept', async () => {
    expect(await find(source)).toEqual({ found: source, asked: [] });
  });

  test('comes from its source again where the archive is lost', async () => {
    const repository = await find(source, { lost: true, now: 'd1' });
    expect(repository.asked).toEqual([{ repoName: 'stable', chartName: 'web', chartVersion: '1.0.0' }]);
    expect(repository.found.digest).toBe('d1');
    const image = await find({ ...source, kind: 'image', ref: 'host/web:1.0.0' }, { lost: true, now: 'd1' });
    expect(image.asked).toEqual([{ chartImage: 'host/web:1.0.0' }]);
  });

  test('is always the kept one: write access to the source gives no control over charts of others', async () => {
    const image: ChartOrigin = { ...source, kind: 'image', ref: 'host/web:1.0.0' };
    for (const origin of [source, image]) {
      await expect(find(origin, { lost: true, unattended: true })).rejects.toMatchObject({
        code: 'RELEASE_NOT_SEALED',
      });
      await expect(find(origin, { lost: true })).rejects.toMatchObject({ code: 'CHART_NOT_RECORDED' });
      const same = await find(origin, { lost: true, unattended: true, now: 'd1' });
      expect(same.found.digest).toBe('d1');
    }
  });

  test("is the one of Helm's record where an upload is lost, or another Helm brought another chart", async () => {
    const record = { kind: 'record', ref: 'sh.helm.release.v1.web.v1', digest: expect.any(String) as string };
    const lost = await find({ ...source, kind: 'archive' }, { lost: true });
    expect(lost.found).toEqual({ ...record, version: '1.0.0' });
    expect((await find({ ...source, kind: 'record' }, { lost: true })).found).toMatchObject(record);
    expect((await find(source, { outside: '2.0.0' })).found).toEqual({ ...record, version: '2.0.0' });
  });

  test('is fetched at the version, or from the repository, that is wanted', async () => {
    const asked = { repoName: 'stable', chartName: 'web', chartVersion: '2.0.0' };
    expect((await find(source, { wanted: { chartVersion: '2.0.0' } })).asked).toEqual([asked]);
    const other = await find({ ...source, kind: 'archive' }, { wanted: { repoName: 'qa' } });
    expect(other.asked).toMatchObject([{ repoName: 'qa', chartVersion: '1.0.0' }]);
    const refused = expect.objectContaining({ code: 'CHART_MISSING' }) as Error;
    await expect(find({ ...source, kind: 'archive' }, { wanted: { chartVersion: '2.0.0' } })).rejects.toEqual(refused);
    await expect(find(source, { outside: '3.0.0', wanted: { chartVersion: '2.0.0' } })).rejects.toEqual(refused);
  });

  test('has to be sent where the record does not hold all of it', async () => {
    const refused = expect.objectContaining({ code: 'CHART_NOT_RECORDED' }) as Error;
    await expect(find(source, { outside: '2.0.0', hasSubcharts: true })).rejects.toEqual(refused);
    const upload: ChartOrigin = { ...source, kind: 'archive' };
    await expect(find(upload, { lost: true, hasSubcharts: true })).rejects.toEqual(refused);
  });
});
