import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { asKubeObject } from '../kube/kube-object.ts';
import { renderedOutputs } from './rendered-outputs.ts';

const service = (spec: JsonObject, status: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'demo' },
  spec,
  status,
});

const publish = (documents: { kind: string; name: string; object: object }[]) =>
  renderedOutputs({
    namespace: 'demo',
    release: 'web',
    outputs: {
      size: 'values:size',
      address: 'service:web.address',
      nodePort: 'service:web.nodePort',
      balancer: 'service:web.loadBalancer',
      password: 'secret:auth.password',
    },
    documents: documents.map((one) => ({ ...one, namespace: 'demo', object: JSON.parse(JSON.stringify(one.object)) })),
    computedValues: { size: 2 },
    view: {
      get: ({ kind }) =>
        kind === 'Service'
          ? asKubeObject(
              service({ ports: [{ port: 80, nodePort: 30_080 }] }, { loadBalancer: { ingress: [{ ip: '10.0.0.9' }] } }),
            )
          : undefined,
    },
    secret: () => 'old',
  }).values;

test('what is rendered counts, and what the cluster gave stays', () => {
  const same = { size: 2, address: 'web.demo.svc:80', nodePort: 30_080, balancer: '10.0.0.9', password: 'old' };
  expect(publish([])).toEqual(same);
  expect(publish([{ kind: 'Service', name: 'web', object: service({ ports: [{ port: 80 }] }) }])).toEqual(same);
  const moved = publish([
    { kind: 'Service', name: 'web', object: service({ ports: [{ port: 81, nodePort: 31_000 }] }) },
  ]);
  expect(moved).toMatchObject({ address: 'web.demo.svc:81', nodePort: 31_000 });
});

test('a Secret counts as it is rendered, in either form', () => {
  const secret = (fields: object) => publish([{ kind: 'Secret', name: 'auth', object: fields }])['password'];
  expect(secret({ stringData: { password: 'new' } })).toBe('new');
  expect(secret({ data: { password: 'bmV3' } })).toBe('new');
  expect(secret({ data: {} })).toBe('old');
});

test("what the chart's own ReleaseConfig publishes comes first, named outputs win", () => {
  const config = { spec: { outputConfig: { zone: 'a', size: 9 } } };
  expect(publish([{ kind: 'ReleaseConfig', name: 'web', object: config }])).toMatchObject({ zone: 'a', size: 2 });
});
