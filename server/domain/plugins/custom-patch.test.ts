import { describe, expect, test } from 'vitest';
import { manifestDocument, shopDocuments } from '../../../test/harness/manifest-documents.ts';
import { refusalOf, runPlugins } from '../../../test/harness/plugin-runs.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { valueAt } from '../json-reading.ts';

const shop = [
  ...shopDocuments(),
  manifestDocument(
    {
      apiVersion: 'example.com/v1',
      kind: 'Fleet',
      metadata: { name: 'f' },
      spec: { pod: { containers: [{ name: 'a' }] }, hosts: ['a'] },
    },
    20,
  ),
  manifestDocument(
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'n', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    21,
  ),
];
const web = { kind: 'Deployment', name: 'web' };
const patched = (patches: JsonObject[]) => runPlugins(shop, [{ name: 'CustomPatch', args: { patches } }]);
const ofWeb = (type: string, patch: JsonValue): JsonObject => ({ target: web, type, patch });
const pod = (spec: JsonObject): JsonObject => ofWeb('strategic', { spec: { template: { spec } } });
const container = (fields: JsonObject): JsonObject => pod({ containers: [{ name: 'web', ...fields }] });

describe('CustomPatch', () => {
  test('patches one object after the other, hooks included, in all three ways', () => {
    const { changed } = patched([
      ofWeb('json', [{ op: 'replace', path: '/spec/replicas', value: 5 }]),
      container({
        env: [
          { name: 'B', value: 'x' },
          { name: 'C', value: '3' },
        ],
      }),
      { target: { kind: 'configmap', name: 'settings' }, type: 'merge', patch: { data: { level: null, more: 'x' } } },
      { target: { kind: 'Job', name: 'migrate' }, type: 'merge', patch: { spec: { backoffLimit: 1 } } },
      { target: { kind: 'Fleet', name: 'f' }, type: 'merge', patch: { spec: { hosts: ['b'] } } },
    ]);
    expect(changed.map(({ object }) => object?.['kind'])).toEqual(['ConfigMap', 'Deployment', 'Job', 'Fleet']);
    expect(changed[0]?.object?.['data']).toEqual({ more: 'x' });
    expect(valueAt(changed[1]?.object ?? {}, 'spec', 'replicas')).toBe(5);
    expect(valueAt(changed[1]?.object ?? {}, 'spec', 'template', 'spec', 'containers', 0, 'env')).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: 'x' },
      { name: 'C', value: '3' },
    ]);
  });

  test('a patch that leaves everything as it is changes nothing', () => {
    expect(patched([ofWeb('merge', { spec: { replicas: 3 } })]).changed).toEqual([]);
  });

  test.each<[string, JsonObject, string]>([
    [
      'an object that is not there',
      { target: { kind: 'Deployment', name: 'x' }, type: 'merge', patch: {} },
      'no Deployment x',
    ],
    ['a role', { target: { kind: 'Role', name: 'reader' }, type: 'merge', patch: {} }, 'grant rights'],
    ['another kind', ofWeb('merge', { kind: 'ClusterRole' }), 'kind cannot be changed'],
    ['another API version', ofWeb('merge', { apiVersion: 'rbac.authorization.k8s.io/v1' }), 'apiVersion cannot'],
    ['another name', ofWeb('json', [{ op: 'replace', path: '/metadata/name', value: 'x' }]), 'metadata.name cannot'],
    ['another namespace', ofWeb('merge', { metadata: { namespace: 'kube-system' } }), 'metadata.namespace cannot'],
    ['a list for an object', ofWeb('merge', []), 'no object'],
    [
      'a test that fails',
      ofWeb('json', [{ op: 'test', path: '/spec/replicas', value: 1 }]),
      'test of /spec/replicas failed',
    ],
    ['an object for operations', ofWeb('json', {}), 'array of operations'],
    [
      'merge keys of a custom resource',
      { target: { kind: 'Fleet', name: 'f' }, type: 'strategic', patch: {} },
      'no merge keys',
    ],
    [
      'the policy of a namespace',
      {
        target: { kind: 'Namespace', name: 'n' },
        type: 'merge',
        patch: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } },
      },
      'pod-security',
    ],
  ])('refuses %s', (_, patch, reason) => {
    const error = refusalOf(shop, 'CustomPatch', { patches: [patch] });
    expect([error.code, error.status]).toEqual(['PLUGIN_REFUSED', 422]);
    expect(error.message).toContain(reason);
  });

  test.each<[string, JsonObject]>([
    ['privileged', container({ securityContext: { privileged: true } })],
    ['allowPrivilegeEscalation', container({ securityContext: { allowPrivilegeEscalation: true } })],
    ['allowPrivilegeEscalation', container({ securityContext: { allowPrivilegeEscalation: null } })],
    ['running as root', container({ securityContext: { runAsUser: 0 } })],
    ['runAsNonRoot', container({ securityContext: { runAsNonRoot: false } })],
    ['allowPrivilegeEscalation', container({ securityContext: null })],
    ['capability NET_ADMIN', container({ securityContext: { capabilities: { add: ['CAP_NET_ADMIN'] } } })],
    ['capability CHOWN', container({ securityContext: { capabilities: { drop: [] } } })],
    ['seccomp profile Unconfined', pod({ securityContext: { seccompProfile: { type: 'Unconfined' } } })],
    ['AppArmor', pod({ securityContext: { appArmorProfile: { type: 'Unconfined' } } })],
    ['hostNetwork', pod({ hostNetwork: true })],
    ['hostPID', pod({ hostPID: true })],
    ['hostPath /', pod({ volumes: [{ name: 'root', hostPath: { path: '/' } }] })],
    ['host port 80', container({ ports: [{ containerPort: 8080, hostPort: 80 }] })],
    ['service account admin', pod({ serviceAccountName: 'admin' })],
    [
      'container evil: privileged',
      pod({ containers: [{ name: 'evil', image: 'x', securityContext: { privileged: true } }] }),
    ],
    ['running as root', pod({ initContainers: [{ name: 'evil', image: 'x', securityContext: { runAsUser: 0 } }] })],
    ['sysctl kernel.msgmax', pod({ securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } })],
    [
      'unconfined',
      ofWeb('merge', {
        spec: {
          template: {
            metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' } },
          },
        },
      }),
    ],
    [
      'privileged',
      ofWeb('json', [
        { op: 'add', path: '/spec/template/spec/containers/1/securityContext', value: { privileged: true } },
      ]),
    ],
    [
      'privileged',
      {
        target: { kind: 'CronJob', name: 'nightly' },
        type: 'json',
        patch: [
          {
            op: 'add',
            path: '/spec/jobTemplate/spec/template/spec/containers/0/securityContext',
            value: { privileged: true },
          },
        ],
      },
    ],
    [
      'hostNetwork',
      { target: { kind: 'Fleet', name: 'f' }, type: 'merge', patch: { spec: { pod: { hostNetwork: true } } } },
    ],
    [
      'privileged',
      {
        target: { kind: 'Fleet', name: 'f' },
        type: 'merge',
        patch: { spec: { securityContext: { privileged: true } } },
      },
    ],
  ])('never allows pods more than before: %s', (privilege, patch) => {
    const error = refusalOf(shop, 'CustomPatch', { patches: [patch] });
    expect(error.code).toBe('PLUGIN_REFUSED');
    expect(error.message).toContain('more than the chart does');
    expect(error.message).toContain(privilege);
  });

  test.each<[string, JsonObject]>([
    ['a stricter context', container({ securityContext: { readOnlyRootFilesystem: true, runAsUser: 2000 } })],
    ['another image', container({ image: 'nginx:2' })],
    ['a plain sidecar', pod({ containers: [{ name: 'extra', image: 'x' }] })],
    ['a stricter pod', pod({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } })],
    ['a folder of its own', pod({ volumes: [{ name: 'tmp', emptyDir: {} }] })],
  ])('allows %s', (_, patch) => {
    expect(patched([patch]).changed).toHaveLength(1);
  });
});
