import { describe, expect, it } from 'vitest';
import { kubeObject, picture, pod, READY_POD } from '../../../test/harness/clients/kube-objects.ts';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import { refOf } from './kube-object.ts';
import { describeRelease } from '../answers/release-info.ts';
import { toReleaseRecord } from '../release/release-record.ts';

const elsewhere = { namespace: 'other' };
const deployment = kubeObject(
  'apps/v1',
  'Deployment',
  'theirs',
  { spec: { replicas: 3 }, status: { replicas: 1 } },
  elsewhere,
);
const secretive = kubeObject('v1', 'ConfigMap', 'settings', { data: { canary: 'theirs' } }, elsewhere);
const service = kubeObject(
  'v1',
  'Service',
  'front',
  { spec: { clusterIP: '10.9.9.9', ports: [{ port: 80 }] } },
  elsewhere,
);
const slice = kubeObject(
  'discovery.k8s.io/v1',
  'EndpointSlice',
  'front-1',
  { ports: [{ port: 80 }], endpoints: [{ addresses: ['10.1.2.3'] }] },
  { ...elsewhere, labels: { 'kubernetes.io/service-name': 'front' } },
);
const running = { ...pod('theirs-1', deployment, { ...READY_POD, podIP: '10.4.4.4' }) };
running.metadata = { ...running.metadata, ...elsewhere };
const role = kubeObject('rbac.authorization.k8s.io/v1', 'ClusterRole', 'wide', {}, { namespace: '' });
const theirs = [deployment, secretive, service, role];

/** A release in `demo` whose manifest names objects in `other`, and one ConfigMap of its own. */
function release(objects = theirs) {
  const own = kubeObject('v1', 'ConfigMap', 'own', { data: { a: 'b' } });
  const documents = [own, ...objects].map((object, index) => ({ index, source: '', ...refOf(object), object: {} }));
  const record = toReleaseRecord(recordedRevision({ objects: documents }), { earlier: null, firstWritten: '' });
  return { record, view: picture(own, ...objects, slice, running) };
}

describe('a release whose manifest names objects of others', () => {
  it('shows their kind and name, and nothing else of them', () => {
    const { record, view } = release();
    const info = describeRelease(record, view, [], 0);
    const text = JSON.stringify(info);
    for (const canary of ['10.9.9.9', '10.1.2.3', '10.4.4.4', 'theirs-1', '"canary"', 'replicas are ready']) {
      expect(text).not.toContain(canary);
    }
    expect(info?.releaseStatus?.deployments[0]).toMatchObject({
      name: 'theirs',
      namespace: 'other',
      state: { status: 'Unknown', reason: 'Elsewhere' },
      pods: null,
    });
    expect(info?.releaseStatus?.configmaps.map(({ data }) => data)).toEqual([{ a: 'b' }, null]);
  });

  it('is as ready, and waits for the same, whether they are there or not', () => {
    const { record, view } = release();
    const without = describeRelease(record, picture(kubeObject('v1', 'ConfigMap', 'own')), [], 0);
    const info = describeRelease(record, view, [], 0);
    expect(info).toMatchObject({ ready: true, message: '', waitingFor: [] });
    expect(without).toMatchObject({ ready: true, message: '', waitingFor: [] });
  });

  it('shows to those who may read them what they are like, and is not more or less ready for that', () => {
    const { record, view } = release();
    const info = describeRelease(record, view, [], 0, () => true);
    expect(info).toMatchObject({ ready: true, waitingFor: [] });
    const text = JSON.stringify(info?.releaseStatus);
    for (const shown of ['10.9.9.9', '10.1.2.3', 'theirs-1', 'canary']) {
      expect(text).toContain(shown);
    }
  });

  it('shows no pods to those who may read the workload alone', () => {
    const { record, view } = release();
    const info = describeRelease(record, view, [], 0, ({ kind }) => kind === 'Deployment');
    expect(info?.releaseStatus?.deployments[0]).toMatchObject({ pods: null, expectedReplicas: 3 });
  });
});
