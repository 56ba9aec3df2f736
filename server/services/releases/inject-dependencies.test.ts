import { beforeEach, describe, expect, test } from 'vitest';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import type { JsonObject } from '../../domain/json.ts';
import { parseMetainfo } from '../../domain/metainfo.ts';
import { buildReleaseConfig } from '../../domain/release-config.ts';
import { readReleaseFacts } from '../../domain/release-facts.ts';
import type { ReleaseRecord } from '../../domain/release-record.ts';
import { createInjectDependencies } from './inject-dependencies.ts';

const metainfo = parseMetainfo(`
dependencies:
- {name: zookeeper, minVersion: "6.0", maxVersion: "6.2", dependencyOptional: false, aliasConfigVar: config.zookeeper}
- {name: search, dependencyOptional: true}
`);
const outputs = { address: 'zk:2181' };
let cache: ReturnType<typeof createMemoryReleaseCache>;
const inject = (dependencies: Record<string, string>, chart = metainfo) =>
  createInjectDependencies({ cache })({ namespace: 'shop', name: 'kafka', dependencies, metainfo: chart });

function record(
  name: string,
  outputConfigValues: JsonObject,
  chartVersion = '6.1.0',
  dependencies: Record<string, string> = {},
): ReleaseRecord {
  const chart = { name: 'zookeeper', version: chartVersion, appVersion: '' };
  const source = { kind: 'archive', ref: '', version: chartVersion, digest: '' } as const;
  const empty = { configValues: {}, commonValues: {}, dependenciesConfigValues: {}, injected: [], releaseLabels: {} };
  const rest = { plugins: [], outputs: {}, project: '', repoName: '', chartImage: '', dependencies, chart, source };
  const unset = { onFailure: '', strategy: null, pause: null };
  const facts = readReleaseFacts(buildReleaseConfig({ namespace: 'shop', name, ...empty, ...rest, ...unset }));
  return {
    key: `shop/${name}`,
    namespace: 'shop',
    name,
    revision: 4,
    status: 'deployed',
    description: '',
    updated: '2026-01-01T00:00:00Z',
    chartName: 'zookeeper',
    chartVersion,
    chartAppVersion: '',
    configValues: {},
    computedValues: {},
    metaInfoValues: null,
    objects: [],
    facts: facts && { ...facts, outputConfigValues },
    outputs: {},
    outside: null,
    paused: false,
    notes: '',
  };
}

beforeEach(async () => {
  cache = createMemoryReleaseCache();
  await cache.put(record('zk', outputs));
});

describe('dependencies', () => {
  test('get the outputs where the metainfo wants them, with a note of where they came from', async () => {
    const { values, injected, warnings } = await inject({ zookeeper: 'shop/zk' });
    expect(values).toEqual({ config: { zookeeper: outputs } });
    expect(injected).toEqual([
      { key: 'zookeeper', provider: 'shop/zk', digest: expect.stringMatching(/^[0-9a-f]{64}$/), revision: 4 },
    ]);
    expect(warnings).toEqual([]);
  });

  test('that the chart does not know get them under their own name, with a warning', async () => {
    const { values, warnings } = await inject({ zookeeper: 'zk', other: 'zk' });
    expect(values).toEqual({ config: { zookeeper: outputs }, other: outputs });
    expect(warnings.map(({ code, path }) => `${code} ${path}`)).toEqual(['DEPENDENCY_UNKNOWN /dependencies/other']);
  });

  test('that the chart requires and nobody names are warned of', async () => {
    expect((await inject({})).warnings.map(({ code }) => code)).toEqual(['DEPENDENCY_MISSING']);
    expect((await inject({}, null)).warnings).toEqual([]);
  });

  test('that do not exist are refused unless they are optional', async () => {
    await expect(inject({ zookeeper: 'nope' })).rejects.toMatchObject({ code: 'DEPENDENCY_NOT_FOUND' });
    const { values, warnings } = await inject({ zookeeper: 'zk', search: 'nope' });
    expect(values).toEqual({ config: { zookeeper: outputs } });
    expect(warnings.map(({ code }) => code)).toEqual(['DEPENDENCY_NOT_FOUND']);
  });

  test('of another version than the chart can work with are refused', async () => {
    await cache.put(record('zk', outputs, '7.0.0'));
    await expect(inject({ zookeeper: 'zk' })).rejects.toMatchObject({
      code: 'DEPENDENCY_VERSION',
      message: expect.stringContaining('6.0 to 6.2'),
    });
  });

  test('that lead back to the release are refused, with the way spelled out', async () => {
    await cache.put(record('zk', outputs, '6.1.0', { broker: 'kafka' }));
    await expect(inject({ zookeeper: 'zk' })).rejects.toMatchObject({
      code: 'DEPENDENCY_CYCLE',
      message: 'the dependencies form a cycle: shop/kafka → shop/zk → shop/kafka',
    });
  });

  test('a provider without outputs gives nothing', async () => {
    await cache.put(record('zk', {}));
    expect(await inject({ zookeeper: 'zk' })).toMatchObject({ values: {}, injected: [] });
  });
});
