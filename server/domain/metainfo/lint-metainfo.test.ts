import { expect, test } from 'vitest';
import { lintMetainfo } from './lint-metainfo.ts';

const VALUES = {
  image: 'nginx',
  replicas: 1,
  env: [],
  host: false,
  cpu: '500m',
  memory: '4Gi',
  'c.memory': '5',
  c: { memory: '5' },
  list: [1],
  half: 0.5,
};

const lint = (text: string) => lintMetainfo(text, VALUES);
const messages = (text: string) => lint(text).map(({ message }) => message);

test('a sound metainfo has no faults', () => {
  const text = `
friendlyName: Web
categories: [web]
dependencies: [{name: zk, minVersion: '1', maxVersion: '2', dependencyOptional: true, aliasConfigVar: zk}]
roles:
  - name: web
    type: container
    description: it
    baseConfig:
      image: {mapKey: image, required: true}
      replicas: {mapkey: replicas}
      env: {mapKey: env}
      useHostNetwork: {mapKey: host}
      others: [{name: x, mapKey: list, type: json}]
    resources:
      limitsCpu: {mapKey: cpu}
      requestsCpu: {mapKey: half}
      limitsMemory: {mapKey: memory}
      storageResources: [{name: s, mapKey: absent}]
    healthChecks: {readinessProbe: {defined: true, enable: false}}
params: [{name: n, mapKey: half, type: number}]
plugins: [{name: LabelPod, version: '1.0', args: '{}'}]
customParams: {a: b}
outputs: {a: ''}
`;
  expect(lint(text)).toEqual([]);
});

test('faults are told in the words of the original Walm', () => {
  const text = `
dependencies: [{name: zk}]
roles:
  - baseConfig:
      image: {}
      replicas: {mapKey: image}
      priority: {mapKey: half}
      others: [{type: number}]
    resources:
      limitsMemory: {mapKey: replicas}
      requestsGpu: {}
      storageResources: [{}, {name: s, mapKey: half}]
params: [{name: a, mapKey: none.x, required: true}, {name: b, mapKey: c.memory, type: string}, {name: c, mapKey: x, type: odd}]
plugins: [{}]
`;
  expect(messages(text)).toEqual([
    'field friendlyName required',
    'Name, MinVersion, MaxVersion, [aliasConfigVar,omitempty], dependencyOptional all required in field dependencies',
    'name required in field roles[0]',
    'type required in field roles[0]',
    'name required in field plugins[0]',
    'version required in field plugins[0]',
    'args required in field plugins[0]',
    'none.x not exist in values.yaml',
    'c.memory Format error in values.yaml, eg: 4Gi, 400Mi expected',
    'type odd not support in field params[2]',
    'mapKey required in field roles[0].baseConfig.image',
    'half Type error in values.yaml, int expected',
    'image Type error in values.yaml, int expected',
    'name required in field roles[0].baseConfig.others[0]',
    'type number not support in field roles[0].baseConfig.others[0]',
    'mapKey required in field roles[0].baseConfig.others[0]',
    'replicas Type error in values.yaml, string expected',
    'mapKey required in field roles[0].resources.RequestsGpu',
    'name required in field roles[0].resources.storageResources[0]',
    'mapKey required in field roles[0].resources.storageResources[0]',
    'half Type error in values.yaml, storage expected',
  ]);
});

test('a fault has its place and line, and an unknown key the nearest one that is known', () => {
  const text = 'friendlyName: Web\nparams:\n  - name: a\n    mapkee: half\n    mapKey: half\n';
  expect(lint(text)).toEqual([
    {
      code: 'METAINFO_FIELD_UNKNOWN',
      severity: 'warning',
      place: 'params[0].mapkee',
      line: 4,
      message: 'field params[0].mapkee is unknown and has no effect: did you mean mapkey?',
    },
  ]);
});

test('what cannot be read has one fault', () => {
  for (const text of ['a: [', '- a']) {
    expect(lint(text).map(({ code, severity }) => [code, severity])).toEqual([['METAINFO_INVALID', 'error']]);
  }
  expect(lint('friendlyName: a\nroles: 7\n')).toMatchObject([
    { place: 'roles', line: 2, message: 'roles is not a list' },
  ]);
});

test('a long metainfo has at most 500 faults, and no lines', () => {
  const found = lint(`friendlyName: a\nparams: [${'{}, '.repeat(4_000)}]\n`);
  expect(found).toHaveLength(500);
  expect(found[0]).toMatchObject({ line: null });
});
