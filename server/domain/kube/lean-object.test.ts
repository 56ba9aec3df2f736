import { describe, expect, it } from 'vitest';
import { kubeObject } from '../../../test/harness/clients/kube-objects.ts';
import type { JsonObject } from '../json/json.ts';
import { leanObject } from './lean-object.ts';

describe('an object reduced to what status needs', () => {
  it('has no managed fields and no finalizers, and its owners and labels', () => {
    const metadata = { labels: { a: 'b' }, finalizers: ['x'], managedFields: [{}] };
    const lean = leanObject(kubeObject('v1', 'ConfigMap', 'settings', {}, metadata));
    expect(lean.metadata).toEqual({
      name: 'settings',
      namespace: 'demo',
      uid: 'ConfigMap/settings',
      generation: 1,
      labels: { a: 'b' },
    });
  });

  it('has no pod template: most of a workload, and the place of its environment', () => {
    const template = { spec: { containers: [{ env: [{ name: 'P', value: 'canary' }] }] } };
    for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']) {
      const lean = leanObject(kubeObject('apps/v1', kind, 'web', { spec: { replicas: 2, template } }));
      expect(JSON.stringify(lean)).not.toContain('canary');
    }
  });

  it('has no environment of a pod, but its containers, what they take, and the claims that it mounts', () => {
    const spec: JsonObject = {
      containers: [
        { name: 'app', env: [{ name: 'P', value: 'canary' }], resources: { requests: { cpu: '1' } } },
        { name: 'proxy', resources: {} },
      ],
      volumes: [
        { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
        { name: 'tmp', emptyDir: {} },
      ],
    };
    const lean = leanObject(kubeObject('v1', 'Pod', 'web', { spec, status: { phase: 'Running', qosClass: 'x' } }));
    expect([lean.spec, lean.status]).toEqual([
      {
        containers: [{ name: 'app', resources: { requests: { cpu: '1' } } }, { name: 'proxy' }],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      },
      { phase: 'Running' },
    ]);
  });

  it('has of any other kind its replicas and its status', () => {
    const body = { spec: { replicas: 1, password: 'canary' }, status: { phase: 'ok' } };
    const lean = leanObject(kubeObject('example.com/v1', 'Database', 'db', body));
    expect([lean.spec, lean.status]).toEqual([{ replicas: 1 }, { phase: 'ok' }]);
  });
});
