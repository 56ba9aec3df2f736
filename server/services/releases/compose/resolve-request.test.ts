import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../domain/json/json.ts';
import { layerValues } from '../../../domain/values/merge-values.ts';
import { parseMetainfo } from '../../../domain/metainfo/metainfo.ts';
import { readMetainfoValues } from '../../../domain/metainfo/metainfo-values.ts';
import { NEW_RELEASE, toEffectiveRequest } from '../../../domain/request/release-request.ts';
import type { ChartFacts } from '../../charts/chart-facts.ts';
import { resolveRequest } from './resolve-request.ts';

const metainfo = parseMetainfo(`
roles:
- name: zookeeper
  baseConfig:
    replicas: {mapKey: appConfig.zookeeper.replicas}
    priority: {mapKey: appConfig.zookeeper.priority}
  resources:
    limitsCpu: {mapKey: appConfig.zookeeper.resources.cpu_limit}
    requestsCpu: {mapKey: appConfig.zookeeper.resources.cpu_request}
    limitsMemory: {mapKey: appConfig.zookeeper.resources.memory_limit}
    requestsMemory: {mapKey: appConfig.zookeeper.resources.memory_request}
`);
const chart: Pick<ChartFacts, 'metainfo' | 'values' | 'secrets'> = {
  metainfo,
  values: { users: [{ name: 'admin', key: 'default' }] },
  secrets: { schemas: [], paths: [['auth', 'password']] },
};
const facts = { ...chart, name: 'zookeeper', version: '6.1.0', appVersion: '6.1', readWords: null, warnings: [] };
const used = { chart: facts, origin: { kind: 'repository' } } as const;
const role = (given: object) => ({ roles: [{ name: 'zookeeper', ...given }] });

/** The values after an upgrade. */
function upgraded(recorded: JsonObject, request: Parameters<typeof resolveRequest>[0]): JsonObject {
  const before = { ...NEW_RELEASE, configValues: recorded };
  const prepared = resolveRequest(request, used, before);
  return toEffectiveRequest({ ...prepared.request, name: 'zk' }, 'shop', before).configValues;
}

describe('the values of an upgrade', () => {
  test("the document's example: what is not named stays, and parameters win over values (decision 19)", () => {
    const storage = { data: { storageClass: 'silver', size: '100Gi', accessMode: 'ReadWriteOnce', limit: {} } };
    const zookeeper = {
      priority: 1,
      replicas: 3,
      image: 'zookeeper:transwarp-5.2',
      env_list: [],
      use_host_network: false,
      resources: { cpu_limit: 3, cpu_request: 0.5, memory_limit: '4Gi', memory_request: '1Gi', storage },
    };
    const resources = { limitsCpu: 4, limitsMemory: 4, requestsCpu: 1, requestsMemory: 2 };
    const request = {
      configValues: { appConfig: { zookeeper: { replicas: 2 } } },
      metaInfoParams: role({ resources }),
    };
    const wanted = { cpu_limit: '4', cpu_request: '1', memory_limit: '4Gi', memory_request: '2Gi', storage };
    expect(upgraded({ appConfig: { zookeeper } }, request)).toEqual({
      appConfig: { zookeeper: { ...zookeeper, replicas: 2, resources: wanted } },
    });
  });

  test('a secret that says *** keeps what is recorded, and is refused where nothing is', () => {
    const masked = { configValues: { auth: { password: '***', user: 'me' } } };
    expect(upgraded({ auth: { password: 'p4ss' } }, masked)).toEqual({ auth: { password: 'p4ss', user: 'me' } });
    expect(() => upgraded({}, masked)).toThrow(expect.objectContaining({ code: 'VALUES_INVALID' }));
  });

  test('a path to forget that nothing is recorded at is a warning', () => {
    const { warnings } = resolveRequest({ unset: ['a', 'b.c'] }, used, { ...NEW_RELEASE, configValues: { a: 1 } });
    expect(warnings).toMatchObject([{ code: 'VALUE_NOT_SET', path: '/unset/1' }]);
  });

  test('what parameters write is what is read, and writing it twice is writing it once', () => {
    const amount = fc.integer({ min: 1, max: 512 });
    fc.assert(
      fc.property(amount, amount, amount, amount, (replicas, limitsMemory, requestsMemory, limitsCpu) => {
        const given = { baseConfig: { replicas }, resources: { limitsMemory, requestsMemory, limitsCpu } };
        const request = { metaInfoParams: role(given) };
        const once = upgraded({}, request);
        expect(upgraded(once, request)).toEqual(once);
        const read = metainfo === null ? null : readMetainfoValues(metainfo, layerValues(chart.values, once));
        expect(read?.roles).toMatchObject([given]);
      }),
    );
  });
});
