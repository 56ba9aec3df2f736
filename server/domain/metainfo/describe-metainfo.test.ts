import { expect, test } from 'vitest';
import { describeMetainfo } from './describe-metainfo.ts';

const described = (text: string, values = {}) =>
  describeMetainfo({ metaFiles: { 'metainfo.yaml': new TextEncoder().encode(text) }, values }, 'Mi');

test('defaults are those of the values, whatever the metainfo says', () => {
  const text = `
friendlyName: Shop
roles:
- name: web
  type: container
  baseConfig:
    image: {mapKey: image, defaultValue: other, required: true, type: string}
    others: [{name: path, mapKey: app.path, type: string}]
  resources:
    limitsMemory: {mapkey: memory}
    storageResources: [{name: data, mapKey: data}]
params: [{name: port, mapKey: port, type: int}, {name: none, mapKey: none}]
`;
  const values = { image: 'web:1', app: { path: '/x' }, memory: '1Gi', data: { size: '5Gi' }, port: 80 };
  expect(described(text, values)).toMatchObject({
    friendlyName: 'Shop',
    categories: null,
    dependencies: null,
    plugins: null,
    params: [
      { name: 'port', mapKey: 'port', defaultValue: '80', required: false },
      { name: 'none', defaultValue: '' },
    ],
    roles: [
      {
        name: 'web',
        description: '',
        baseConfig: {
          image: { mapKey: 'image', defaultValue: 'web:1', required: true },
          replicas: null,
          others: [{ name: 'path', defaultValue: '"/x"' }],
        },
        resources: {
          limitsMemory: { mapKey: 'memory', defaultValue: 1024 },
          limitsCpu: null,
          storageResources: [{ name: 'data', defaultValue: { size: 5, storageClass: '', accessModes: null } }],
        },
        healthChecks: null,
      },
    ],
  });
});

test('a chart without metainfo has none, and neither has one whose metainfo cannot be read', () => {
  expect(describeMetainfo({ metaFiles: {}, values: {} }, 'Gi')).toBeNull();
  for (const text of ['[', '- a', 'just text', `a: ${'x'.repeat(70_000)}`]) {
    expect(described(text), text.slice(0, 20)).toBeNull();
  }
});

test('what is of another type than it should be is as if it were not there', () => {
  const text =
    'friendlyName: 7\nroles: [1, {name: 2, baseConfig: x, healthChecks: {readinessProbe: {defined: yes}}}]\nparams: no';
  expect(described(text)).toMatchObject({
    friendlyName: '',
    params: null,
    roles: [{ name: '', baseConfig: null, resources: null, healthChecks: { livenessProbe: null } }],
  });
});

test('a dependency without name and alias has neither field, as in the original', () => {
  const [dependency] = described('dependencies: [{chartName: zk, minVersion: "1.0"}]')?.dependencies ?? [];
  expect(dependency).toEqual({
    minVersion: '1.0',
    maxVersion: '',
    dependencyOptional: false,
    chartName: 'zk',
    type: '',
  });
});
