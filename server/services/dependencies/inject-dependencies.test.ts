import { beforeEach, describe, expect, test } from 'vitest';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { NO_SECRETS } from '../../domain/masking/masker.ts';
import { parseMetainfo } from '../../domain/metainfo/metainfo.ts';
import { buildReleaseConfig } from '../../domain/release/release-config.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { createMemoryAccessReviews } from '../../adapters/memory/access-reviews.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createAuthorization } from '../access/authorization.ts';
import { createInjectDependencies, type Dependent } from './inject-dependencies.ts';
import type { Provider } from './read-provider.ts';
import { person } from '../../../test/harness/fakes/person.ts';

const metainfo = parseMetainfo(`
dependencies:
- {name: zookeeper, minVersion: "6.0", maxVersion: "6.2", dependencyOptional: false, aliasConfigVar: config.zookeeper}
- {name: search, dependencyOptional: true}
`);
const outputs = { address: 'zk:2181' };
const ann = person('ann');
const authorization = createAuthorization({
  reviews: createMemoryAccessReviews([{ ...ann, token: 'of-ann', rights: ['get shop'] }]),
  clock: createManualClock(),
});
let cache: ReturnType<typeof createMemoryReleaseCache>;
const readProvider = async (key: string): Promise<Provider | null> => {
  const found = await cache.get(key);
  const known = found?.facts?.outputConfigValues ?? {};
  const shown = 'password' in known ? { ...known, password: '***' } : known;
  return found === undefined
    ? null
    : { record: found, outputs: known, shown, digest: 'a'.repeat(64), digests: { address: 'b' } };
};
const inject = (
  dependencies: Record<string, string>,
  chart = metainfo,
  rules: Partial<Dependent> = {},
  refuseUnknown = false,
) =>
  createInjectDependencies({ cache, readProvider, authorization, refuseUnknown })({
    namespace: 'shop',
    name: 'kafka',
    dependencies,
    metainfo: chart,
    caller: null,
    ...rules,
  });

function record(
  name: string,
  outputConfigValues: JsonObject,
  chartVersion = '6.1.0',
  dependencies: Record<string, string> = {},
): ReleaseRecord {
  const chart = { name: 'zookeeper', version: chartVersion, appVersion: '' };
  const source = { kind: 'archive', ref: '', version: chartVersion, digest: '' } as const;
  const empty = {
    configValues: {},
    commonValues: {},
    dependenciesConfigValues: {},
    injected: [],
    releaseLabels: {},
    removedLabels: [],
  };
  const rest = { plugins: [], outputs: {}, project: '', repoName: '', chartImage: '', dependencies, chart, source };
  const unset = { onFailure: '', strategy: null, pause: null, held: null };
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
    earlier: '',
    attempt: null,
    seal: { sealed: true, by: null, at: '2026-01-01T00:00:00Z', operation: 'upgrade' },
    paused: false,
    tests: 0,
    notes: '',
    masker: NO_SECRETS,
  };
}

beforeEach(async () => {
  cache = createMemoryReleaseCache();
  await cache.put(record('zk', outputs));
});

describe('what YAML could take for more than text', () => {
  const yaml = { address: 'x\n---\nkind: Role' };
  const probesFor = async (provider: ReleaseRecord, caller: Dependent['caller'] = ann) => {
    await cache.put(provider);
    return (await inject({ zookeeper: 'shop/zk' }, metainfo, { caller })).probes;
  };
  const madeBy = (by: typeof ann, dependencies: Record<string, string> = {}): ReleaseRecord => ({
    ...record('zk', yaml, '6.1.0', dependencies),
    seal: { sealed: true, by, at: '2026-01-01T00:00:00Z', operation: 'install' },
  });

  test('is probed with two other texts, if somebody else published it', async () => {
    const [first, second] = (await probesFor(madeBy(person('bob')))) ?? [];
    expect(first).toEqual({ config: { zookeeper: { address: expect.stringMatching(/^[\w:-]+$/) as string } } });
    expect(second).not.toEqual(first);
  });

  test('is probed if its provider is not sealed, or takes something from others', async () => {
    const unsealed = { ...madeBy(ann), seal: { sealed: false as const, reason: 'no seal' } };
    expect(await probesFor(unsealed)).toHaveLength(2);
    expect(await probesFor(madeBy(ann, { other: 'shop/other' }))).toHaveLength(2);
  });

  test('is probed if its provider was changed since, which may carry over what somebody else had given', async () => {
    const seal = { sealed: true as const, by: ann, at: '2026-01-02T00:00:00Z', operation: 'upgrade' };
    expect(await probesFor({ ...madeBy(ann), seal })).toHaveLength(2);
  });

  test('is probed if it is taken from an object, which others can edit', async () => {
    const fromObject = { ...madeBy(ann), outputs: { address: 'configmap:zk.address' } };
    expect(await probesFor(fromObject)).toHaveLength(2);
    expect(await probesFor(fromObject, null)).toHaveLength(2);
    expect(await probesFor({ ...madeBy(ann), outputs: { address: 'values:address' } })).toBeUndefined();
  });

  test('is refused if it is a template', async () => {
    const word = '{{ lookup "v1" "Secret" "kube-system" "" }}';
    await cache.put({ ...record('zk', { address: word }), seal: madeBy(person('bob')).seal });
    const refused = inject({ zookeeper: 'shop/zk' }, metainfo, { caller: ann });
    await expect(refused).rejects.toMatchObject({ code: 'OUTPUT_SHAPES_OBJECTS', details: { provider: 'shop/zk' } });
  });

  test("is left alone if it is one's own, or nobody is told apart, and so is what is plain", async () => {
    expect(await probesFor(madeBy(ann))).toBeUndefined();
    expect(await probesFor(madeBy(person('bob')), null)).toBeUndefined();
    expect(await probesFor({ ...madeBy(person('bob')), ...record('zk', outputs) })).toBeUndefined();
  });

  test('is probed if its provider is gone', async () => {
    await cache.remove('shop/zk');
    const entry = { key: 'zookeeper', provider: 'shop/zk', digest: '', revision: 4, outputs: {} };
    const values = { config: { zookeeper: yaml } };
    const former = { injected: [entry], values, shown: values };
    const dependent = { caller: ann, former };
    expect((await inject({ zookeeper: 'shop/zk' }, metainfo, dependent)).probes).toHaveLength(2);
  });
});

describe('dependencies', () => {
  test('that are not sealed pass nothing on without a request', async () => {
    const seal = { sealed: false as const, reason: 'it differs from what was sealed: values' };
    await cache.put({ ...record('zk', outputs), seal });
    const refused = inject({ zookeeper: 'shop/zk' }, metainfo, { unattended: true });
    await expect(refused).rejects.toMatchObject({
      code: 'RELEASE_NOT_SEALED',
      message: expect.stringContaining('revision 4 of shop/zk: it differs from what was sealed') as string,
    });
    expect((await inject({ zookeeper: 'shop/zk' })).injected).toHaveLength(1);
    await cache.put(record('zk', outputs));
    expect((await inject({ zookeeper: 'shop/zk' }, metainfo, { unattended: true })).injected).toHaveLength(1);
  });

  test('get the outputs where the metainfo wants them, with a note of where they came from', async () => {
    const { values, injected, warnings } = await inject({ zookeeper: 'shop/zk' });
    expect(values).toEqual({ config: { zookeeper: outputs } });
    expect(injected).toEqual([
      {
        key: 'zookeeper',
        provider: 'shop/zk',
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        revision: 4,
        outputs: { address: 'b' },
      },
    ]);
    expect(warnings).toEqual([]);
  });

  test('that the chart does not know get them under their own name, with a warning', async () => {
    const { values, warnings } = await inject({ zookeeper: 'zk', other: 'zk' });
    expect(values).toEqual({ config: { zookeeper: outputs }, other: outputs });
    expect(warnings.map(({ code, path }) => `${code} ${path}`)).toEqual(['DEPENDENCY_UNKNOWN /dependencies/other']);
  });

  test('that the chart requires and the request does not name cause a warning', async () => {
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

  test('that lead back by a release that the caller may not list do not name it', async () => {
    const hidden = record('far', outputs, '6.1.0', { broker: 'shop/kafka' });
    await cache.put(record('zk', outputs, '6.1.0', { far: 'other/far' }));
    await cache.put({ ...hidden, key: 'other/far', namespace: 'other' });
    await expect(inject({ zookeeper: 'zk' }, metainfo, { caller: ann })).rejects.toMatchObject({
      message: 'the dependencies form a cycle: shop/kafka → shop/zk → a release that you may not list → shop/kafka',
      details: { path: expect.not.arrayContaining(['other/far']) as string[] },
    });
  });

  test('that do not exist may be allowed, or be on their way', async () => {
    const { warnings } = await inject({ zookeeper: 'nope' }, metainfo, { allowMissing: true });
    expect(warnings.map(({ code }) => code)).toEqual(['DEPENDENCY_NOT_FOUND']);
    const coming = await inject({ zookeeper: 'nope' }, metainfo, { isComing: (key) => key === 'shop/nope' });
    expect(coming).toMatchObject({ values: {}, warnings: [] });
  });

  test('that were deleted leave what they gave', async () => {
    const injected = [{ key: 'zookeeper', provider: 'shop/gone', digest: 'd', revision: 2, outputs: {} }];
    const former = {
      injected,
      values: { config: { zookeeper: { address: 'old', password: 'p' }, mine: 1 } },
      shown: { config: { zookeeper: { address: 'old', password: '***' } } },
    };
    expect(await inject({ zookeeper: 'gone' }, metainfo, { former })).toEqual({
      values: { config: { zookeeper: { address: 'old', password: 'p' } } },
      shown: { config: { zookeeper: { address: 'old', password: '***' } } },
      injected,
      warnings: [expect.objectContaining({ code: 'DEPENDENCY_GONE' })],
    });
  });

  test('that publish a secret give the true one to the values, and *** to everything that is shown', async () => {
    await cache.put(record('zk', { ...outputs, password: 'hunter2' }));
    const { values, shown } = await inject({ zookeeper: 'zk' });
    expect(values).toEqual({ config: { zookeeper: { address: 'zk:2181', password: 'hunter2' } } });
    expect(shown).toEqual({ config: { zookeeper: { address: 'zk:2181', password: '***' } } });
  });

  test('that the chart does not know are refused where the original did', async () => {
    await expect(inject({ other: 'zk' }, metainfo, {}, true)).rejects.toMatchObject({ code: 'DEPENDENCY_INVALID' });
    expect((await inject({ other: 'zk' }, null, {}, true)).values).toEqual({ other: outputs });
  });

  test('a provider without outputs gives nothing', async () => {
    await cache.put(record('zk', {}));
    expect(await inject({ zookeeper: 'zk' })).toMatchObject({ values: {}, injected: [] });
  });

  test('are for those who may get them, whether they exist or not', async () => {
    const { values } = await inject({ zookeeper: 'zk' }, metainfo, { caller: ann });
    expect(values).toEqual({ config: { zookeeper: outputs } });
    for (const provider of ['lab/zk', 'lab/nope']) {
      const refused = inject({ zookeeper: provider }, metainfo, { caller: ann, allowMissing: true });
      await expect(refused).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringContaining(
          `dependency zookeeper names the release ${provider}: user "ann" cannot get`,
        ) as string,
        details: { verb: 'get', namespace: 'lab' },
      });
    }
    await expect(inject({ zookeeper: 'lab/nope' }, metainfo, { allowMissing: true })).resolves.toBeDefined();
  });
});
