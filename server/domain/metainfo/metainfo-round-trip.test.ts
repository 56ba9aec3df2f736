import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MetaInfoParams } from '../../../contract/schemas/metainfo.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { writeMetaInfoParams } from './metainfo-params.ts';
import { readMetainfoValues } from './metainfo-values.ts';
import { parseMetainfo } from './metainfo.ts';
import { parseQuantity } from '../kube/quantity.ts';
import { sortedJson } from '../json/sorted-json.ts';

const parsed = parseMetainfo(`
params:
- {name: settings, mapKey: advanced.settings, type: kvPair}
- {name: port, mapKey: 'advanced.client\\.port', type: int}
- {name: second, mapKey: list.1.name, type: string}
roles:
- name: main
  baseConfig:
    image: {mapKey: app.image}
    priority: {mapKey: app.priority}
    replicas: {mapKey: app.replicas}
    env: {mapKey: app.env}
    useHostNetwork: {mapKey: app.host}
    others: [{name: path, mapKey: app.path}]
  resources:
    limitsMemory: {mapKey: app.resources.memory_limit}
    requestsMemory: {mapKey: app.resources.memory_request}
    limitsCpu: {mapKey: app.resources.cpu_limit}
    requestsCpu: {mapKey: app.resources.cpu_request}
    limitsGpu: {mapKey: app.resources.gpu_limit}
    requestsGpu: {mapKey: app.resources.gpu_request}
    storageResources: [{name: data, mapKey: app.resources.storage.data}]
`);
if (parsed === null) throw new Error('the metainfo of this test cannot be read');
const metainfo = parsed;
const chartValues: JsonObject = {
  list: [{ name: 'a' }, { name: 'b', keep: 1 }],
  app: { image: 'chart:1', replicas: 3 },
};
const recorded = { app: { image: 'recorded:1', priority: 7, resources: { cpu_limit: '1' } } };

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => value as JsonValue);
const amount = (max: number) =>
  fc.oneof(fc.integer({ min: 0, max }), fc.double({ min: 0, max, noNaN: true, noDefaultInfinity: true }));
/** Kubernetes counts in thousandths of a core. */
const cores = fc.integer({ min: 0, max: 10_000_000 }).map((thousandths) => thousandths / 1000);

const requests = fc.constantFrom<('Gi' | 'Mi')[]>('Gi', 'Mi').chain((memoryUnit) =>
  fc.record({
    memoryUnit: fc.constant(memoryUnit),
    params: fc.record({ settings: json, port: json, second: json }),
    baseConfig: fc.record({
      image: fc.string(),
      priority: fc.integer(),
      replicas: fc.nat(),
      env: fc.array(fc.record({ name: fc.string(), value: fc.string() }), { minLength: 1, maxLength: 3 }),
      useHostNetwork: fc.boolean(),
    }),
    path: json,
    resources: fc.record({
      limitsMemory: amount(memoryUnit === 'Gi' ? 1024 : 1_000_000),
      requestsMemory: amount(memoryUnit === 'Gi' ? 1024 : 1_000_000),
      limitsCpu: cores,
      requestsCpu: cores,
      limitsGpu: cores,
      requestsGpu: cores,
    }),
    storage: fc.record({
      accessModes: fc.array(fc.constantFrom('ReadWriteOnce', 'ReadOnlyMany'), { minLength: 1, maxLength: 2 }),
      storageClass: fc.string(),
      size: amount(1024),
    }),
  }),
);

test('what is written by the names of the metainfo is what is read back by them', () => {
  fc.assert(
    fc.property(requests, fc.boolean(), ({ memoryUnit, params, baseConfig, path, resources, storage }, asText) => {
      const given = (name: string, value: JsonValue) => ({ name, value: asText ? JSON.stringify(value) : value });
      const request: MetaInfoParams = {
        memoryUnit,
        params: Object.entries(params)
          // A string is JSON text: as a value it has to be encoded.
          .map(([name, value]) =>
            typeof value === 'string' ? { name, value: JSON.stringify(value) } : given(name, value),
          ),
        roles: [
          {
            name: 'main',
            baseConfig: { ...baseConfig, others: [{ name: 'path', value: JSON.stringify(path) }] },
            resources: { ...resources, storageResources: [{ name: 'data', value: storage }] },
          },
        ],
      };
      const { values, warnings } = writeMetaInfoParams(recorded, request, metainfo, chartValues);
      expect(warnings).toEqual([]);
      const { app } = values as { app: { resources: Record<string, string> } };
      for (const name of ['memory_limit', 'memory_request', 'cpu_limit', 'cpu_request', 'gpu_limit', 'gpu_request']) {
        expect(parseQuantity(app.resources[name] ?? ''), `${name}: ${app.resources[name]}`).toBeDefined();
      }

      const read = readMetainfoValues(metainfo, values, memoryUnit);
      expect(Object.fromEntries((read.params ?? []).map(({ name, value }) => [name, value]))).toEqual(
        Object.fromEntries(Object.entries(params).map(([name, value]) => [name, sortedJson(value)])),
      );
      const [role] = read.roles ?? [];
      expect(role?.baseConfig).toEqual({
        ...baseConfig,
        others: [{ name: 'path', type: '', value: sortedJson(path) }],
      });
      const { storageResources, ...amounts } = role?.resources ?? {};
      for (const [name, wanted] of Object.entries(resources)) {
        expect((amounts as Record<string, number>)[name], name).toBeCloseTo(wanted, 6);
      }
      const [data] = storageResources ?? [];
      expect(data?.value).toMatchObject({ accessModes: storage.accessModes, storageClass: storage.storageClass });
      expect(data?.value?.size).toBeCloseTo(storage.size, 6);
    }),
  );
});

test('writing twice is writing once', () => {
  fc.assert(
    fc.property(requests, ({ memoryUnit, baseConfig, resources }) => {
      const once = writeMetaInfoParams(
        {},
        { memoryUnit, roles: [{ name: 'main', baseConfig, resources }] },
        metainfo,
        {},
      );
      const again = writeMetaInfoParams(
        once.values,
        { memoryUnit, roles: [{ name: 'main', baseConfig, resources }] },
        metainfo,
        {},
      );
      expect(again).toEqual(once);
    }),
  );
});
