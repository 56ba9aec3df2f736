import { beforeEach, describe, expect, test } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage } from '../../../../test/harness/fakes/release-stage.ts';
import type { ReleaseRequest } from '../../../../contract/schemas/release-request.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { readReleaseFacts } from '../../../domain/release/release-facts.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import { createMergeUpgrade, type Upgrade } from './merge-upgrade.ts';

let stage: ReleaseStage;
let source: ChartOrigin;

beforeEach(async () => {
  stage = createReleaseStage();
  source = await originOf('web');
});

async function originOf(name: string, version = '1.0.0'): Promise<ChartOrigin> {
  const { digest, fileName: ref } = await stage.chart(name, version);
  return { kind: 'archive', ref, version, digest };
}

/** Merges a request into a release of which Walm recorded these facts; null: plain Helm made it. */
function merge(request: Partial<ReleaseRequest>, spec: JsonObject | null = { source }, given: Partial<Upgrade> = {}) {
  const config = spec === null ? null : releaseConfig(spec);
  const values = (spec?.['configValues'] ?? { from: 'helm' }) as JsonObject;
  const current: HelmRelease = recordedRevision({ namespace: 'shop', releaseConfig: config, config: values });
  stage.helm.record(current);
  const facts = readReleaseFacts(config);
  const written = facts === null ? null : { facts, config: values };
  const mergeUpgrade = createMergeUpgrade({ ...stage, ignoreUnknownPlugins: false });
  return mergeUpgrade({
    request: { name: 'web', ...request },
    origin: null,
    current,
    written,
    caller: null,
    ...given,
  });
}

describe('what is recorded and a request together', () => {
  test('what the request does not name stays, and what it sets to null is null whatever the chart has', async () => {
    const recorded = { source, configValues: { a: 1, b: { c: 2, d: 3 } }, releaseLabels: { team: 'a', tier: 'x' } };
    const request = { configValues: { b: { c: null, e: 4 } }, releaseLabels: { tier: 'y' } } as Partial<ReleaseRequest>;
    const { effective, former } = await merge(request, recorded);
    expect(effective).toMatchObject({
      name: 'web',
      configValues: { a: 1, b: { c: null, d: 3, e: 4 } },
      releaseLabels: { team: 'a', tier: 'y' },
    });
    expect(former).toEqual({ injected: [], values: {}, shown: {} });
  });

  test('of a release that plain Helm made, its values are what it has; nothing was injected that is known', async () => {
    const { effective, former } = await merge({ configValues: { more: 1 } }, null, { origin: source });
    expect(effective.configValues).toEqual({ from: 'helm', more: 1 });
    expect(former).toBeNull();
  });

  test('the release stays in its project, unless a project changes it', async () => {
    const recorded = { source, project: 'mall', commonValues: { zone: 'a' } };
    expect((await merge({}, recorded)).effective).toMatchObject({ project: 'mall', commonValues: { zone: 'a' } });
    const membership = { project: 'market', commonValues: { zone: 'b' } };
    expect((await merge({}, recorded, { membership })).effective).toMatchObject(membership);
  });
});

describe('the chart', () => {
  test('is the one that the release was made from, or the one that is given', async () => {
    expect(await merge({})).toMatchObject({ origin: source, chart: { name: 'web' } });
    const other = await originOf('other');
    expect(await merge({}, { source }, { origin: other })).toMatchObject({ origin: other, chart: { name: 'other' } });
  });

  test('that is kept nowhere is refused, whether it was recorded or given', async () => {
    const gone = { ...source, digest: 'f'.repeat(64) };
    await expect(merge({}, { source }, { origin: gone })).rejects.toMatchObject({ code: 'CHART_NOT_RECORDED' });
  });

  test('of a change by Walm itself is the recorded one, whatever its request says', async () => {
    await stage.chart('web', '2.0.0');
    const judged = [{ revision: 1, digest: 'x' }] as unknown as NonNullable<Upgrade['judged']>;
    const recorded = { source: { kind: 'repository', ref: 'stable/web', version: '1.0.0', digest: source.digest } };
    expect((await merge({ chartVersion: '2.0.0' }, recorded)).origin.version).toBe('2.0.0');
    expect((await merge({ chartVersion: '2.0.0' }, recorded, { judged })).origin.version).toBe('1.0.0');
  });
});
