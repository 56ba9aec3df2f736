import { describe, expect, test } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../test/harness/recorded-revision.ts';
import type { ChartOrigin } from '../../domain/chart-origin.ts';
import { problem } from '../../domain/problem-error.ts';
import { readReleaseFacts } from '../../domain/release-facts.ts';
import type { ChartWanted } from '../charts/resolve-chart.ts';
import { createFindChart } from './find-chart.ts';

const source: ChartOrigin = { kind: 'repository', ref: 'stable/web', version: '1.0.0', digest: 'd1' };

/** Looks for the chart of a release that was made from `origin`; `lost`: the kept archive is gone. */
async function find(origin: ChartOrigin, { lost = false, outside = '' } = {}) {
  const config = releaseConfig({ source: { ...origin } });
  const facts = readReleaseFacts(config);
  const asked: ChartWanted['request'][] = [];
  const findChart = createFindChart({
    restoreArchive: () => (lost ? Promise.reject(problem('CHART_NOT_RECORDED', 'lost')) : Promise.resolve()),
    resolveChart: ({ request }) => {
      asked.push(request);
      const chart = { digest: 'd2', bytes: 1, name: 'web', version: '1.0.0' };
      return Promise.resolve({ chart, origin: { ...origin, digest: 'd2' } });
    },
  });
  const current = recordedRevision(outside === '' ? { releaseConfig: config } : { chartVersion: outside });
  return { found: await findChart(current, facts && { facts, config: {} }), asked };
}

describe('the chart of an upgrade that names none', () => {
  test('is the archive that was kept', async () => {
    expect(await find(source)).toEqual({ found: source, asked: [] });
  });

  test('comes from its source again where the archive is lost', async () => {
    const repository = await find(source, { lost: true });
    expect(repository.asked).toEqual([{ repoName: 'stable', chartName: 'web', chartVersion: '1.0.0' }]);
    expect(repository.found.digest).toBe('d2');
    const image = await find({ ...source, kind: 'image', ref: 'host/web:1.0.0' }, { lost: true });
    expect(image.asked).toEqual([{ chartImage: 'host/web:1.0.0' }]);
  });

  test('has to be sent where it was an upload that is lost, or another Helm brought another chart', async () => {
    const refused = expect.objectContaining({ code: 'CHART_NOT_RECORDED' }) as Error;
    await expect(find({ ...source, kind: 'archive' }, { lost: true })).rejects.toEqual(refused);
    await expect(find(source, { outside: '2.0.0' })).rejects.toEqual(refused);
  });
});
