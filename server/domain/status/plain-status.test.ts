import { describe, expect, it } from 'vitest';
import { kubeObject, manifestOf, picture, warning } from '../../../test/harness/clients/kube-objects.ts';
import type { JsonObject } from '../json/json.ts';
import { describeResources } from './resource-set.ts';

const NOW = 0;

it.each(['ConfigMap', 'Secret', 'Service', 'PersistentVolumeClaim', 'Namespace', 'NetworkPolicy'])(
  'a %s that is being deleted is not ready',
  (kind) => {
    const object = kubeObject(
      'v1',
      kind,
      'web',
      { status: { phase: 'Bound' } },
      { deletionTimestamp: '2026-01-01T00:00:00Z' },
    );
    const { unready } = describeResources(picture(object), manifestOf(object), NOW);
    expect(unready).toMatchObject([
      {
        kind,
        name: 'web',
        status: 'Terminating',
        waitingFor: [{ reason: 'Terminating', message: 'it is being deleted' }],
      },
    ]);
  },
);

describe('a Service', () => {
  const service = kubeObject('v1', 'Service', 'web', {
    spec: {
      type: 'NodePort',
      clusterIP: '10.96.52.129',
      ports: [
        { name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 31890 },
        { name: 'admin', protocol: 'TCP', port: 81, targetPort: 'admin' },
      ],
    },
  });
  const slice = kubeObject(
    'discovery.k8s.io/v1',
    'EndpointSlice',
    'web-1',
    {
      ports: [{ name: 'http', port: 8080 }],
      endpoints: [
        { addresses: ['10.1.0.12'], conditions: { ready: true } },
        { addresses: ['10.1.0.3'], conditions: {} },
        { addresses: ['10.1.0.4'], conditions: { ready: false } },
        { addresses: ['fd00::1'], conditions: { ready: true } },
      ],
    },
    { labels: { 'kubernetes.io/service-name': 'web' } },
  );

  it('shows the ready addresses of each port, as the original did', () => {
    const { resources, unready } = describeResources(picture(service, slice), manifestOf(service), NOW);
    expect(unready).toEqual([]);
    expect(resources.services).toEqual([
      {
        name: 'web',
        namespace: 'demo',
        kind: 'Service',
        state: { status: 'Ready', reason: '', message: '' },
        ports: [
          {
            name: 'http',
            protocol: 'TCP',
            port: 80,
            targetPort: '8080',
            nodePort: 31890,
            endpoints: ['[fd00::1]:8080', '10.1.0.3:8080', '10.1.0.12:8080'],
          },
          { name: 'admin', protocol: 'TCP', port: 81, targetPort: 'admin', nodePort: 0, endpoints: [] },
        ],
        clusterIp: '10.96.52.129',
        serviceType: 'NodePort',
      },
    ]);
  });
});

describe('what only has to exist', () => {
  it('shows the data of a ConfigMap and the keys of a Secret', () => {
    const configMap = kubeObject('v1', 'ConfigMap', 'settings', { data: { a: 'b' } });
    const secret = kubeObject('v1', 'Secret', 'login', { type: 'Opaque', data: { password: 'Y2FuYXJ5' } });
    const { resources } = describeResources(picture(configMap, secret), manifestOf(configMap, secret), NOW);
    expect(resources.configmaps[0]?.data).toEqual({ a: 'b' });
    expect(resources.secrets[0]).toMatchObject({ data: { password: '***' }, type: 'Opaque' });
  });

  it('shows the first rule and path of an Ingress', () => {
    const path = (name: string, port: JsonObject) => ({ path: `/${name}`, backend: { service: { name, port } } });
    const ingress = kubeObject('networking.k8s.io/v1', 'Ingress', 'web', {
      spec: { rules: [{ host: 'a.example.com', http: { paths: [path('web', { number: 80 }), path('b', {})] } }] },
    });
    const { resources } = describeResources(picture(ingress), manifestOf(ingress), NOW);
    expect(resources.ingresses[0]).toMatchObject({
      host: 'a.example.com',
      path: '/web',
      serviceName: 'web',
      servicePort: '80',
    });
  });

  it('shows a CronJob with its jobs and does not wait for them', () => {
    const cronJob = kubeObject('batch/v1', 'CronJob', 'nightly', {
      spec: { schedule: '0 0 * * *', suspend: true },
      status: { active: [{}], lastScheduleTime: '2026-01-01T00:00:00Z' },
    });
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid: 'CronJob/nightly' };
    const job = kubeObject('batch/v1', 'Job', 'nightly-1', { status: { active: 1 } }, { ownerReferences: [owner] });
    const { resources, unready } = describeResources(picture(cronJob, job), manifestOf(cronJob), NOW);
    expect(unready).toEqual([]);
    expect(resources.cronjobs[0]).toMatchObject({ schedule: '0 0 * * *', suspended: true, active: 1 });
    expect(resources.cronjobs[0]?.jobs.map(({ name }) => name)).toEqual(['nightly-1']);
  });
});

describe('a claim', () => {
  const claim = (phase: string) =>
    kubeObject('v1', 'PersistentVolumeClaim', 'data', {
      spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], volumeName: 'pv-1', volumeMode: 'Filesystem' },
      status: { phase, capacity: { storage: '1Gi' } },
    });

  it.each([
    ['that is bound is what it should be', 'Bound', []],
    [
      'without a volume says of which class',
      'Pending',
      ['no volume is bound to it yet (storage class fast): no space'],
    ],
    ['whose volume is gone says so', 'Lost', ['the volume that it was bound to is gone']],
  ])('%s', (_name, phase, messages) => {
    const object = claim(phase);
    const view = picture(object, warning(object, 'ProvisioningFailed', 'no space'));
    const { resources, unready } = describeResources(view, manifestOf(object), NOW);
    expect(resources.pvcs[0]).toMatchObject({ state: { status: phase }, storageClass: 'fast', capacity: '1Gi' });
    expect(unready.flatMap(({ waitingFor }) => waitingFor.map(({ message }) => message))).toEqual(messages);
  });
});

describe('any other kind', () => {
  const custom = (status: JsonObject) => kubeObject('example.com/v1', 'Database', 'db', { status });
  const condition = (type: string, status: string, reason = '') => ({ conditions: [{ type, status, reason }] });

  it.each([
    ['without a status is as it should be', custom({}), 'Ready', []],
    ['whose Ready condition is true is ready', custom(condition('Ready', 'True')), 'Ready', []],
    ['whose Ready condition is false is not', custom(condition('Ready', 'False', 'Creating')), 'Pending', ['Creating']],
    ['that is reconciled is not', custom(condition('Reconciling', 'True', 'Scaling')), 'Pending', ['Scaling']],
    ['that has stalled has failed', custom(condition('Stalled', 'True', 'NoLicence')), 'Failed', ['NoLicence']],
    [
      'whose controller has not seen the last change is not ready',
      custom({ observedGeneration: 0, ...condition('Ready', 'True') }),
      'Pending',
      ['NotObserved'],
    ],
    [
      'whose controller writes as text which change it has seen is told by that',
      custom({ observedGeneration: '1', ...condition('Ready', 'True') }),
      'Ready',
      [],
    ],
    [
      'whose controller has not seen the last change by such a text is not ready',
      custom({ observedGeneration: '0', ...condition('Ready', 'True') }),
      'Pending',
      ['NotObserved'],
    ],
    [
      'is a budget, met or not: it limits evictions and waits for nothing',
      kubeObject('policy/v1', 'PodDisruptionBudget', 'pdb', { status: { currentHealthy: 1, desiredHealthy: 2 } }),
      'Ready',
      [],
    ],
    [
      'is a definition that is not established',
      kubeObject('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'databases.example.com', { status: {} }),
      'Pending',
      ['Established'],
    ],
    ['is a bare pod that is done', kubeObject('v1', 'Pod', 'once', { status: { phase: 'Succeeded' } }), 'Ready', []],
  ])('%s', (_name, object, status, reasons) => {
    const { resources, unready } = describeResources(picture(object), manifestOf(object), NOW);
    expect(resources.others.map(({ state }) => state.status)).toEqual([status]);
    expect(unready.flatMap(({ waitingFor }) => waitingFor.map(({ reason }) => reason))).toEqual(reasons);
  });

  it('that is not watched yet is Unknown, one that is known to be absent NotFound', () => {
    const object = custom({});
    const view = picture();
    const statuses = () =>
      describeResources(view, manifestOf(object), NOW).resources.others.map(({ state }) => state.status);
    expect(statuses()).toEqual(['Unknown']);
    view.replaceKind('example.com/v1', 'Database', []);
    expect(statuses()).toEqual(['NotFound']);
  });
});

describe('the objects of a release', () => {
  it('are checked in the order of the original', () => {
    const missing = [
      kubeObject('example.com/v1', 'Database', 'db'),
      kubeObject('v1', 'ConfigMap', 'settings'),
      kubeObject('apps/v1', 'Deployment', 'web'),
      kubeObject('v1', 'Service', 'web'),
      kubeObject('apps/v1', 'StatefulSet', 'db'),
      kubeObject('batch/v1', 'Job', 'migrate'),
      kubeObject('v1', 'Secret', 'login'),
    ];
    const { unready } = describeResources(picture(), manifestOf(...missing), NOW);
    expect(unready.map(({ kind }) => kind)).toEqual([
      'Secret',
      'Job',
      'StatefulSet',
      'Service',
      'Deployment',
      'ConfigMap',
      'Database',
    ]);
  });

  it('are always eleven arrays', () => {
    const { resources } = describeResources(picture(), [], NOW);
    expect(Object.keys(resources)).toEqual([
      'services',
      'configmaps',
      'daemonsets',
      'deployments',
      'ingresses',
      'jobs',
      'secrets',
      'statefulsets',
      'pvcs',
      'cronjobs',
      'others',
    ]);
    expect(Object.values(resources).every((list) => list.length === 0)).toBe(true);
  });
});
