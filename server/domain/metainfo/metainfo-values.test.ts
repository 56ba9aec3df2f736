import { describe, expect, it } from 'vitest';
import { readChartFile } from '../../../test/harness/charts/chart-file.ts';
import { ABSENT, foreignChart, type ForeignChart } from '../../../test/harness/charts/charts.ts';
import type { JsonObject } from '../json/json.ts';
import { type Metainfo, parseMetainfo } from './metainfo.ts';
import { readMetainfoValues } from './metainfo-values.ts';

function parsed(text: string): Metainfo {
  const metainfo = parseMetainfo(text);
  if (metainfo === null) throw new Error('not a metainfo');
  return metainfo;
}

function read(text: string, values: JsonObject) {
  return readMetainfoValues(parsed(text), values);
}

/** The metainfo of a real chart; undefined if the chart is absent. */
function foreignMetainfo(name: ForeignChart): Metainfo | undefined {
  const archive = foreignChart(name);
  return archive === undefined ? undefined : parsed(readChartFile(archive, 'transwarp-meta/metainfo.yaml').toString());
}

const EMPTY: Metainfo = { dependencies: [], params: [], roles: [], customParams: null, plugins: [], outputs: {} };
const TOMCAT = foreignMetainfo('tomcat-0.2.0');
const ZOOKEEPER = foreignMetainfo('zookeeper-6.1.0');
const KAFKA = foreignMetainfo('kafka-6.1.0');

describe('the values in the words of the metainfo', () => {
  it.skipIf(TOMCAT === undefined)(
    `of tomcat-0.2.0, as the original answered but in Gi (skipped where ${ABSENT})`,
    () => {
      const metainfo = TOMCAT ?? EMPTY;
      const values = {
        app: { path: '/sample' },
        image: { tomcat: { image: 'tomcat:7.0' }, webarchive: { image: 'ananwaresystems/webarchive:1.0' } },
        replicaCount: 1,
        resources: { limits: { cpu: 0.2, memory: '200Mi' }, requests: { cpu: 0.1, memory: '100Mi' } },
      };
      const unset = { priority: null, replicas: null, env: null, useHostNetwork: null, others: null };
      expect(readMetainfoValues(metainfo, values)).toEqual({
        params: null,
        roles: [
          { name: 'webarchive', baseConfig: { image: 'ananwaresystems/webarchive:1.0', ...unset }, resources: null },
          {
            name: 'tomcat',
            baseConfig: {
              ...unset,
              image: 'tomcat:7.0',
              replicas: 1,
              others: [{ name: 'path', type: 'string', value: '"/sample"' }],
            },
            resources: {
              limitsMemory: 200 / 1024,
              limitsCpu: 0.2,
              limitsGpu: null,
              requestsMemory: 100 / 1024,
              requestsCpu: 0.1,
              requestsGpu: null,
              storageResources: null,
            },
          },
        ],
        customParams: null,
      });
    },
  );

  it.skipIf(ZOOKEEPER === undefined)(
    `of zookeeper-6.1.0, as the original answered but in Gi (skipped where ${ABSENT})`,
    () => {
      const metainfo = ZOOKEEPER ?? EMPTY;
      const values = {
        advanceConfig: {
          zoo_cfg: { syncLimit: 5, initLimit: 10, tickTime: 8000 },
          zookeeper: { 'zookeeper.client.port': 2181 },
        },
        appConfig: {
          zookeeper: {
            env_list: [{ name: 'A', value: 'b' }],
            image: 'docker.io/corndai1997/zookeeper:5.2',
            priority: 1,
            replicas: 2,
            resources: {
              cpu_limit: '0.3',
              cpu_request: '0.25',
              memory_limit: '300Mi',
              memory_request: '128Mi',
              storage: { data: { accessModes: ['ReadWriteOnce'], size: '20Gi', storageClass: 'silver' } },
            },
            use_host_network: true,
          },
        },
      };
      const { params, roles } = readMetainfoValues(metainfo, values);
      expect(params).toEqual([
        { name: 'zoo_cfg', type: 'kvPair', value: '{"initLimit":10,"syncLimit":5,"tickTime":8000}' },
        { name: 'zookeeper', type: 'kvPair', value: '{"zookeeper.client.port":2181}' },
      ]);
      expect(roles?.[0]).toEqual({
        name: 'zookeeper',
        baseConfig: {
          image: 'docker.io/corndai1997/zookeeper:5.2',
          priority: 1,
          replicas: 2,
          env: [{ name: 'A', value: 'b' }],
          useHostNetwork: true,
          others: null,
        },
        resources: {
          limitsMemory: 300 / 1024,
          limitsCpu: 0.3,
          limitsGpu: null,
          requestsMemory: 0.125,
          requestsCpu: 0.25,
          requestsGpu: null,
          storageResources: [
            { name: 'data', value: { accessModes: ['ReadWriteOnce'], storageClass: 'silver', size: 20 } },
          ],
        },
      });
    },
  );

  it.skipIf(KAFKA === undefined)(`of kafka-6.1.0, as the original answered but in Gi (skipped where ${ABSENT})`, () => {
    const metainfo = KAFKA ?? EMPTY;
    const storage = { accessMode: 'ReadWriteOnce', limit: {}, size: '100Gi', storageClass: 'local' };
    const resources = {
      cpu_limit: 0.2,
      cpu_request: 0.1,
      memory_limit: '200Mi',
      memory_request: '100Mi',
      storage: { data: storage, log: storage },
    };
    const { roles } = readMetainfoValues(metainfo, { appConfig: { kafka: { replicas: 3, resources } } });
    const [kafka] = roles ?? [];
    expect(kafka?.baseConfig).toMatchObject({ image: '', replicas: 3, priority: null, env: null });
    const shown = { accessModes: null, storageClass: 'local', size: 100 };
    expect(kafka?.resources).toEqual({
      limitsMemory: 200 / 1024,
      limitsCpu: 0.2,
      limitsGpu: null,
      requestsMemory: 100 / 1024,
      // The metainfo's path leads to another application: it is dangling, so the value is 0.
      requestsCpu: 0,
      requestsGpu: null,
      storageResources: [
        { name: 'data', value: shown },
        { name: 'log', value: shown },
      ],
    });
  });

  it.each<[string, string, JsonObject, object]>([
    ['a text for a number', 'replicas: {mapKey: x}', { x: '3' }, { replicas: 3 }],
    ['a fraction for an integer', 'replicas: {mapKey: x}', { x: 2.9 }, { replicas: 2 }],
    ['a word for a number', 'replicas: {mapKey: x}', { x: 'many' }, { replicas: 0 }],
    ['a truth for a number', 'priority: {mapKey: x}', { x: true }, { priority: 1 }],
    ['a number for a text', 'image: {mapKey: x}', { x: 7 }, { image: '7' }],
    ['an object for a text', 'image: {mapKey: x}', { x: { b: 1, a: 2 } }, { image: '{"a":2,"b":1}' }],
    ['a text for a truth', 'useHostNetwork: {mapKey: x}', { x: 'TRUE' }, { useHostNetwork: true }],
    ['a number for a truth', 'useHostNetwork: {mapKey: x}', { x: 1 }, { useHostNetwork: true }],
    ['another text for a truth', 'useHostNetwork: {mapKey: x}', { x: 'yes' }, { useHostNetwork: false }],
    ['nothing at all', 'image: {mapKey: x}', {}, { image: '' }],
    ['no path at all', 'image: {description: y}', { x: 1 }, { image: '' }],
    ['keys in any case', 'USEHOSTNETWORK: {MAPKEY: x}', { x: true }, { useHostNetwork: true }],
    ['an environment that is none', 'env: {mapKey: x}', { x: 'A=b' }, { env: null }],
    [
      'numbers in an environment',
      'env: {mapKey: x}',
      { x: [{ name: 'A', value: 1 }] },
      { env: [{ name: 'A', value: '1' }] },
    ],
  ])('take %s', (_name, item, values, expected) => {
    const { roles } = read(`roles: [{name: r, baseConfig: {${item}}}]`, values);
    expect(roles?.[0]?.baseConfig).toMatchObject(expected);
  });

  it('keep params as raw JSON, whatever type the metainfo declares, and customParams as they are', () => {
    const text = `
      params:
      - {name: flag, mapKey: flag, type: string}
      - {name: port, mapKey: 'ports.a\\.b', type: int}
      - {name: missing, mapKey: nowhere, type: yaml}
      customParams: {tier: gold}
    `;
    expect(read(text, { flag: true, ports: { 'a.b': 1 } })).toEqual({
      params: [
        { name: 'flag', type: 'string', value: 'true' },
        { name: 'port', type: 'int', value: '1' },
        { name: 'missing', type: 'yaml', value: '' },
      ],
      roles: null,
      customParams: { tier: 'gold' },
    });
  });
});

describe('a metainfo that is none', () => {
  it.each(['', '- a list', 'just a text', '{unclosed: [', 'a: &a [*a, *a]\nb: *missing'])('%s is null', (text) => {
    expect(parseMetainfo(text)).toBeNull();
  });
});

it('where one accessMode stands beside a list, says what the chart reads', () => {
  const storage = parsed('roles: [{name: a, resources: {storageResources: [{name: data, mapKey: data}]}}]');
  const data = { accessMode: 'ReadWriteOnce', accessModes: ['ReadWriteMany'], size: '1Gi', storageClass: '' };
  const [role] = readMetainfoValues(storage, { data }).roles ?? [];
  expect(role?.resources?.storageResources?.[0]?.value?.accessModes).toEqual(['ReadWriteOnce']);
});
