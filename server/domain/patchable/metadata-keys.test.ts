import { describe, expect, test } from 'vitest';
import { refusalOf, runPlugins } from '../../../test/harness/charts/plugin-runs.ts';
import { shopDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { metadataKeyFault } from './metadata-keys.ts';

const harmless = [
  'team',
  'Transwarp_App',
  'app',
  'owner',
  'prometheus.io/port',
  'example.com/contact',
  'app.kubernetes.io/version',
  'kubectl.kubernetes.io/restartedAt',
  'kubernetes.io/ingress.class',
  'cert-manager.io/cluster-issuer',
  'nginx.ingress.kubernetes.io/rewrite-target',
  'team.test/a',
  'deep.team.test/a',
];
const dangerous = [
  '',
  '/',
  '/x',
  'a/b/c',
  '-x',
  'x'.repeat(64),
  'Project-Name',
  'auto-gen',
  'aadpodidbinding',
  'istio-injection',
  'helm.sh/hook',
  'meta.helm.sh/release-name',
  'walm.io/seal',
  'sandbox.walm.io/behaviour',
  'apiextensions.transwarp.io/x',
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/instance',
  'pod-security.kubernetes.io/enforce',
  'k8s.io/x',
  'k8s.v1.cni.cncf.io/networks',
  'container.apparmor.security.beta.kubernetes.io/web',
  'sidecar.istio.io/inject',
  'nginx.ingress.kubernetes.io/server-snippet',
  'unheard.dev/x',
  'notexample.com/x',
  'evil-team.test/x',
  'kubernetes.io/x',
  'constructor/x',
  '__proto__/x',
];

describe('keys of labels and annotations', () => {
  test.each(harmless)('%s is harmless', (key) => expect(metadataKeyFault(key, 'x', ['team.test'])).toBeNull());
  test.each(dangerous)('%s is not', (key) =>
    expect(metadataKeyFault(key, 'x', ['team.test'])).toEqual(expect.any(String)),
  );

  test('no operator can give away those of Kubernetes, Helm and Walm', () => {
    for (const domain of ['kubernetes.io', 'k8s.io', 'helm.sh', 'walm.io', 'transwarp.io', 'io']) {
      expect(metadataKeyFault('walm.io/seal', 'x', [domain])).not.toBeNull();
      expect(metadataKeyFault('pod-security.kubernetes.io/enforce', 'x', [domain])).not.toBeNull();
    }
  });

  test('values are texts, and none ends the directive of a proxy or marks a record of Helm', () => {
    expect(metadataKeyFault('team', 5, [])).not.toBeNull();
    expect(metadataKeyFault('owner', 'helm', [])).not.toBeNull();
    expect(metadataKeyFault('nginx.ingress.kubernetes.io/proxy-body-size', '8m', [])).toBeNull();
    expect(metadataKeyFault('nginx.ingress.kubernetes.io/proxy-body-size', '8m;}', [])).not.toBeNull();
  });

  test.each(dangerous)('every plugin that sets them refuses %s', (key) => {
    const shop = shopDocuments();
    for (const [name, args] of [
      ['LabelPod', { labelsToAdd: { [key]: 'x' } }],
      ['LabelPod', { annotationsToAdd: { [key]: 'x' } }],
      ['Ingress', { serviceName: 'web', annotations: { [key]: 'x' } }],
    ] as const) {
      expect(refusalOf(shop, name, args).code).toBe('PLUGIN_REFUSED');
    }
  });

  test('what the operator declared is taken', () => {
    const { changed } = runPlugins(shopDocuments(), [
      { name: 'LabelPod', args: { annotationsToAdd: { 'team.test/a': 'x' } } },
    ]);
    expect(changed).toHaveLength(3);
  });
});
