import { expect, test } from 'vitest';
import { shopDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { afterPlugin, refusalOf, runPlugins } from '../../../test/harness/charts/plugin-runs.ts';

const shop = shopDocuments();
const args = { serviceName: 'web', host: 'web.example', ingressClassName: 'nginx', tlsSecretName: 'cert' };

test('adds an Ingress for a Service, to its first port unless another is named', () => {
  const { changed, added } = runPlugins(shop, [{ name: 'ingress', args }]);
  expect(changed).toEqual([]);
  expect(added).toEqual([
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: {
        ingressClassName: 'nginx',
        tls: [{ secretName: 'cert', hosts: ['web.example'] }],
        rules: [
          {
            host: 'web.example',
            http: {
              paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
            },
          },
        ],
      },
    },
  ]);
  const named = runPlugins(shop, [{ name: 'Ingress', args: { serviceName: 'web', servicePort: 'admin' } }]);
  expect(JSON.stringify(named.added)).toContain('{"number":81}');
});

test('applying it twice is applying it once', () => {
  expect(runPlugins(afterPlugin(shop, 'Ingress', args), [{ name: 'Ingress', args }]).added).toEqual([]);
});

test.each([
  [{ serviceName: 'wep' }, 'no Service wep; it has: web'],
  [{ serviceName: 'web', servicePort: 9 }, 'has no port 9'],
])('refuses %j', (wrong, reason) => {
  const error = refusalOf(shop, 'Ingress', wrong);
  expect([error.code, error.message]).toEqual(['PLUGIN_REFUSED', expect.stringContaining(reason)]);
});

test('an Ingress of the chart is not overwritten', () => {
  const other = afterPlugin(shop, 'Ingress', args);
  expect(refusalOf(other, 'Ingress', { serviceName: 'web' }).message).toContain('choose another name');
});
