import { describe, expect, test } from 'vitest';
import type { MetaInfoParams } from '../../../contract/schemas/metainfo.ts';
import type { JsonObject } from '../json/json.ts';
import { writeMetaInfoParams } from './metainfo-params.ts';
import { parseMetainfo } from './metainfo.ts';

const metainfo = parseMetainfo(`
params:
- {name: zoo_cfg, mapKey: advanceConfig.zoo_cfg, type: kvPair}
- {name: port, mapKey: 'advanceConfig.zookeeper\\.client\\.port', type: int}
- {name: second, mapKey: list.1.name, type: string}
- {name: nowhere, type: string}
roles:
- name: zookeeper
  baseConfig:
    image: {mapKey: app.image}
    replicas: {mapKey: app.replicas}
    env: {mapKey: app.env_list}
    useHostNetwork: {mapKey: app.host}
    others: [{name: path, mapKey: app.path}]
  resources:
    limitsMemory: {mapkey: app.resources.memory_limit}
    limitsCpu: {mapkey: app.resources.cpu_limit}
    storageResources: [{name: data, mapKey: app.resources.storage.data}]
`);
const chartValues = {
  list: [
    { name: 'a', keep: 1 },
    { name: 'b', keep: 2 },
  ],
};
const role = (given: object): MetaInfoParams => ({ roles: [{ name: 'zookeeper', ...given }] });
const write = (params: MetaInfoParams, values: JsonObject = {}) =>
  writeMetaInfoParams(values, params, metainfo, chartValues);

describe('what the chart never reads', () => {
  const storage = { accessMode: 'ReadWriteOnce', storageClass: 'silver', size: '100Gi' };
  const values = { app: { image: 'x', resources: { cpu_limit: 1, storage: { data: storage } } } };
  const readWords = new Set(['app', 'image', 'resources', 'cpu_limit', 'storage', 'data', 'size', 'accessMode']);
  const pathsOf = (params: MetaInfoParams, words: ReadonlySet<string> | null) =>
    writeMetaInfoParams({}, params, metainfo, values, { values, readWords: words }).warnings.map(({ code, path }) => [
      code,
      path,
    ]);
  const given = { accessModes: ['ReadWriteMany'], size: 20, storageClass: 'gold' };
  const request = role({
    baseConfig: { image: 'y', replicas: 2 },
    resources: { limitsCpu: 2, limitsMemory: 4, storageResources: [{ name: 'data', value: given }] },
  });
  const modes = '/metaInfoParams/roles/zookeeper/resources/storageResources/data/value/accessModes';

  test('is reported, each with its place', () => {
    expect(pathsOf(request, new Set([...readWords, 'storageClass']))).toEqual([
      ['PARAM_NOT_READ', '/metaInfoParams/roles/zookeeper/baseConfig/replicas'],
      ['PARAM_NOT_READ', '/metaInfoParams/roles/zookeeper/resources/limitsMemory'],
      ['PARAM_NOT_READ', modes],
    ]);
  });

  test('is not guessed: but a chart with one accessMode never reads a list', () => {
    expect(pathsOf(request, null)).toEqual([['PARAM_NOT_READ', modes]]);
    expect(
      pathsOf(request, new Set([...readWords, 'storageClass', 'accessModes', 'replicas', 'memory_limit'])),
    ).toEqual([['PARAM_NOT_READ', modes]]);
  });
});

describe('writeMetaInfoParams', () => {
  test.each<[string, MetaInfoParams, JsonObject]>([
    [
      'JSON text, merged into what the request says',
      { params: [{ name: 'zoo_cfg', value: '{"tickTime":8000}' }] },
      { advanceConfig: { zoo_cfg: { tickTime: 8000 } } },
    ],
    [
      'a JSON value itself',
      { params: [{ name: 'zoo_cfg', value: { tickTime: 1 } }] },
      { advanceConfig: { zoo_cfg: { tickTime: 1 } } },
    ],
    ['the empty text is null', { params: [{ name: 'zoo_cfg', value: '' }] }, { advanceConfig: { zoo_cfg: null } }],
    [
      'a key with dots',
      { params: [{ name: 'port', value: '2181' }] },
      { advanceConfig: { 'zookeeper.client.port': 2181 } },
    ],
    [
      'an array is taken over from the chart as a whole',
      { params: [{ name: 'second', value: '"x"' }] },
      {
        list: [
          { name: 'a', keep: 1 },
          { name: 'x', keep: 2 },
        ],
      },
    ],
    [
      'image, replicas, host network',
      role({ baseConfig: { image: 'i:1', replicas: 0, useHostNetwork: false } }),
      { app: { image: 'i:1', replicas: 0, host: false } },
    ],
    ['env, ignored when empty', role({ baseConfig: { env: [] } }), {}],
    [
      'env',
      role({ baseConfig: { env: [{ name: 'A', value: 'b' }] } }),
      { app: { env_list: [{ name: 'A', value: 'b' }] } },
    ],
    [
      'others',
      role({ baseConfig: { others: [{ name: 'path', type: 'string', value: '"/sample"' }] } }),
      { app: { path: '/sample' } },
    ],
    ['memory in Gi', role({ resources: { limitsMemory: 1.5 } }), { app: { resources: { memory_limit: '1.5Gi' } } }],
    [
      'memory in Mi where asked for',
      { memoryUnit: 'Mi', ...role({ resources: { limitsMemory: 4096 } }) },
      { app: { resources: { memory_limit: '4096Mi' } } },
    ],
    [
      'a quantity as it is',
      role({ resources: { limitsMemory: '300Mi', limitsCpu: '500m' } }),
      { app: { resources: { memory_limit: '300Mi', cpu_limit: '500m' } } },
    ],
    ['cores as text', role({ resources: { limitsCpu: 0.3 } }), { app: { resources: { cpu_limit: '0.3' } } }],
    [
      'storage',
      role({
        resources: {
          storageResources: [
            { name: 'data', value: { accessModes: ['ReadWriteOnce'], size: 20, storageClass: 'silver' } },
          ],
        },
      }),
      {
        app: {
          resources: { storage: { data: { accessModes: ['ReadWriteOnce'], storageClass: 'silver', size: '20Gi' } } },
        },
      },
    ],
  ])('%s', (_, params, expected) => {
    expect(write(params)).toEqual({ values: expected, warnings: [] });
  });

  test('wins over configValues and leaves the rest of them', () => {
    const values = { app: { replicas: 1, image: 'kept' }, other: true };
    expect(write(role({ baseConfig: { replicas: 3 } }), values).values).toEqual({
      app: { replicas: 3, image: 'kept' },
      other: true,
    });
  });

  test.each<[string, MetaInfoParams, string]>([
    ['a param', { params: [{ name: 'nope', value: '1' }] }, '/metaInfoParams/params/nope'],
    ['a param without a mapKey', { params: [{ name: 'nowhere', value: '1' }] }, '/metaInfoParams/params/nowhere'],
    [
      'a role',
      { roles: [{ name: 'nope', baseConfig: { replicas: 1 } }] },
      '/metaInfoParams/roles/nope/baseConfig/replicas',
    ],
    [
      'an item that the role does not map',
      role({ baseConfig: { priority: 1 } }),
      '/metaInfoParams/roles/zookeeper/baseConfig/priority',
    ],
    ['custom params', { customParams: { a: 'b' } }, '/metaInfoParams/customParams'],
  ])('warns of %s that has no effect', (_, params, path) => {
    const { values, warnings } = write(params);
    expect(values).toEqual({});
    expect(warnings.map((warning) => warning.path)).toEqual([path]);
  });

  test('without metainfo nothing has an effect', () => {
    const written = writeMetaInfoParams({ a: 1 }, { params: [{ name: 'zoo_cfg', value: '1' }] }, null, {});
    expect([written.values, written.warnings.length]).toEqual([{ a: 1 }, 1]);
  });

  test.each<[string, MetaInfoParams, RegExp]>([
    ['text that is not JSON', { params: [{ name: 'zoo_cfg', value: '{bad' }] }, /not JSON text/],
    ['a memory that can only be Mi', role({ resources: { limitsMemory: 4096 } }), /"4096Mi"/],
    ['a text that is not a quantity', role({ resources: { limitsCpu: 'much' } }), /not a Kubernetes quantity/],
  ])('refuses %s', (_, params, message) => {
    expect(() => write(params)).toThrow(message);
  });
});
