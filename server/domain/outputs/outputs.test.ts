import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asKubeObject } from '../kube/kube-object.ts';
import { createObjectIndex } from '../indexes/object-index.ts';
import { evaluateOutputs, objectsOfOutputs, viewOfRelease } from './evaluate-outputs.ts';
import { mergeOutputs, parseOutputExpression } from './output-expression.ts';

const view = createObjectIndex();
view.put(
  asKubeObject({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      ports: [
        { name: 'http', port: 80, nodePort: 30080 },
        { name: 'admin', port: 8080 },
      ],
    },
    status: { loadBalancer: { ingress: [{ hostname: 'lb.example' }] } },
  }),
);
view.put(asKubeObject({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'bare', namespace: 'shop' } }));
view.put(
  asKubeObject({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web.config', namespace: 'shop' },
    data: { 'app.properties': 'a=b' },
  }),
);
const secret = (name: string, key: string) => (name === 'web-auth' && key === 'password' ? 'hunter2' : undefined);
const values = { auth: { user: 'ann', 'dotted.key': 7 } };

function evaluate(expression: string) {
  const { values: found, missing } = evaluateOutputs(
    { it: expression },
    { namespace: 'shop', release: 'web', values, view, secret },
  );
  return missing[0]?.reason ?? found['it'];
}

test('a ConfigMap that does not belong to the release publishes nothing', () => {
  const map = (release: string, namespace = 'shop') =>
    asKubeObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'private',
        namespace: 'shop',
        annotations: { 'meta.helm.sh/release-name': release, 'meta.helm.sh/release-namespace': namespace },
      },
      data: { key: 'theirs' },
    });
  const unmarked = asKubeObject({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'private', namespace: 'shop' },
  });
  const published = (object: ReturnType<typeof map>) => {
    const all = { get: () => object };
    const sources = { namespace: 'shop', release: 'web', values, secret };
    return evaluateOutputs({ it: 'configmap:private.key' }, { ...sources, view: viewOfRelease(all, sources) }).values;
  };
  expect(published(map('web'))).toEqual({ it: 'theirs' });
  for (const object of [map('other'), map('web', 'elsewhere'), unmarked]) expect(published(object)).toEqual({});
});

describe('an output', () => {
  test.each([
    ['values:auth.user', 'ann'],
    ['values:auth', { user: 'ann', 'dotted.key': 7 }],
    [String.raw`values:auth.dotted\.key`, 7],
    ['service:web.host', 'web.shop.svc'],
    ['service:$release.port', 80],
    ['service:web.address', 'web.shop.svc:80'],
    ['service:web:admin.address', 'web.shop.svc:8080'],
    ['service:web.nodePort', 30080],
    ['service:web.loadBalancer', 'lb.example'],
    [String.raw`configmap:web\.config.app.properties`, 'a=b'],
    ['secret:$release-auth.password', 'hunter2'],
  ])('%s is taken from its place', (expression, value) => {
    expect(evaluate(expression)).toEqual(value);
  });

  test.each([
    ['values:auth.none', 'the values have no auth.none'],
    ['service:none.host', 'there is no Service none'],
    ['service:web:none.port', 'Service web has no port none'],
    ['service:web:admin.nodePort', 'Service web has no node port yet'],
    ['service:bare.loadBalancer', 'Service bare has no load balancer address yet'],
    ['service:bare.address', 'Service bare has no port'],
    ['configmap:web.key', 'there is no key key in a ConfigMap web of the release'],
    ['secret:web-auth.other', 'there is no key other in a Secret web-auth'],
  ])('%s says what is missing', (expression, reason) => {
    expect(evaluate(expression)).toBe(reason);
  });

  test.each(['', 'web', 'values:', 'values:a..b', 'service:web', 'service:web.url', 'service::http.port', 'secret:x'])(
    '%j is refused, with the place in the request',
    (text) => {
      expect(parseOutputExpression(text)).toBeNull();
      expect(() => mergeOutputs({}, { 'a/b': text || ' ' })).toThrow(
        expect.objectContaining({ code: 'OUTPUT_INVALID', details: { path: '/outputs/a~1b' } }),
      );
    },
  );

  test('is read from any text without failing', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', 'values:', 'service:', 'secret:'), (text, kind) => {
        const parsed = parseOutputExpression(kind + text);
        expect(parsed === null || kind.startsWith(parsed.from) || kind === '').toBe(true);
      }),
    );
  });
});

test('outputs of a request are put over those recorded, and an empty one removes', () => {
  const recorded = { a: 'values:a', b: 'values:b' };
  const merged = mergeOutputs(recorded, { a: '', c: 'values:c' });
  expect(merged).toEqual({ b: 'values:b', c: 'values:c' });
  expect(mergeOutputs(merged, { a: '', c: 'values:c' })).toEqual(merged);
});

test('the objects that outputs need are named once', () => {
  const outputs = {
    a: 'secret:$release-auth.password',
    b: 'secret:web-auth.user',
    c: 'values:x',
    d: 'service:web.host',
    e: 'configmap:web.key',
  };
  expect(objectsOfOutputs(outputs, { namespace: 'shop', release: 'web' })).toEqual([
    { kind: 'Secret', name: 'web-auth' },
    { kind: 'Service', name: 'web' },
    { kind: 'ConfigMap', name: 'web' },
  ]);
});
