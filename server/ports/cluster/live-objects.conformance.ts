import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/harness/eventually.ts';
import type { KubeMetadata, KubeObject } from '../../domain/kube/kube-object.ts';
import type { LiveChange, LiveObjects } from './live-objects.ts';

/** A live view under test and its cluster; every test gets a namespace of its own. */
export type LiveObjectsUnderTest = {
  live: LiveObjects;
  namespace: string;
  /** Creates the object in the cluster; returns it as stored, with its uid. */
  create(object: KubeObject): Promise<KubeObject>;
  remove(object: KubeObject): Promise<void>;
  close(): Promise<void>;
};

const OFTEN = { everyMs: 20 };

/** The contract of every live view. `open` returns a synced one. */
export function liveObjectsConformance(open: () => Promise<LiveObjectsUnderTest>): void {
  describe('a live picture of the cluster', () => {
    let test: LiveObjectsUnderTest;

    beforeEach(async () => {
      test = await open();
      await test.live.synced;
    });

    afterEach(async () => {
      await test.close();
    });

    function object(apiVersion: string, kind: string, name: string, rest: Partial<KubeObject> = {}): KubeObject {
      const { metadata: given, ...body } = rest;
      const metadata: KubeMetadata = {
        name,
        namespace: test.namespace,
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        ...given,
      };
      return { apiVersion, kind, ...body, metadata };
    }

    function seen(wanted: KubeObject): Promise<KubeObject> {
      const { apiVersion, kind, metadata } = wanted;
      return eventually(() => {
        const found = test.live.get({ apiVersion, kind, namespace: test.namespace, name: metadata.name });
        if (found === undefined) {
          throw new Error(`${kind} ${metadata.name} is not in the picture`);
        }
        return found;
      }, OFTEN);
    }

    it('shows what was created and forgets what was removed', async () => {
      const made = await test.create(object('v1', 'ConfigMap', 'settings', { data: { a: 'b' } }));
      expect((await seen(made)).data).toEqual({ a: 'b' });
      await test.remove(made);
      await eventually(() => expect(test.live.list('v1', 'ConfigMap', test.namespace)).toEqual([]), OFTEN);
    });

    it('finds an object by any version of its group', async () => {
      const job = object('batch/v1', 'CronJob', 'nightly', {
        spec: {
          schedule: '0 0 * * *',
          suspend: true,
          jobTemplate: {
            spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } } },
          },
        },
      });
      await seen(await test.create(job));
      const ref = { apiVersion: 'batch/v1beta1', kind: 'CronJob', namespace: test.namespace, name: 'nightly' };
      expect(test.live.get(ref)?.spec).toEqual({ schedule: '0 0 * * *', suspend: true });
    });

    it('lists a kind by name', async () => {
      for (const name of ['b', 'c', 'a']) {
        await seen(await test.create(object('v1', 'ConfigMap', name)));
      }
      const names = test.live.list('v1', 'ConfigMap', test.namespace).map(({ metadata }) => metadata.name);
      expect(names).toEqual(['a', 'b', 'c']);
    });

    it('holds the keys of a Secret and never its values', async () => {
      const secret = object('v1', 'Secret', 'login', { type: 'Opaque', data: { password: 'Y2FuYXJ5LXNlY3JldA==' } });
      const found = await seen(await test.create(secret));
      expect(found.data).toEqual({ password: '***' });
      expect(JSON.stringify(found)).not.toContain('Y2FuYXJ5LXNlY3JldA==');
    });

    it('leaves out managed fields and the copy that kubectl keeps in an annotation', async () => {
      const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', kept: 'yes' };
      const { metadata } = object('v1', 'ConfigMap', 'applied');
      const found = await seen(
        await test.create(object('v1', 'ConfigMap', 'applied', { metadata: { ...metadata, annotations } })),
      );
      expect(found.metadata).not.toHaveProperty('managedFields');
      expect(found.metadata.annotations).toEqual({ kept: 'yes' });
    });

    it('finds the pods of a workload through what lies between', async () => {
      const container = { name: 'app', image: 'nginx:1' };
      const selector = { app: 'between' };
      const template = { metadata: { labels: selector }, spec: { containers: [container] } };
      const replicaSet = await test.create(
        object('apps/v1', 'ReplicaSet', 'between', {
          spec: { replicas: 0, selector: { matchLabels: selector }, template },
        }),
      );
      const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'between', uid: replicaSet.metadata.uid ?? '' };
      const metadata = { name: 'one', namespace: test.namespace, ownerReferences: [owner] };
      await seen(await test.create(object('v1', 'Pod', 'one', { metadata, spec: { containers: [container] } })));
      expect(test.live.podsOf(owner.uid).map((pod) => pod.metadata.name)).toEqual(['one']);
      expect(test.live.ownedBy(owner.uid).map(({ kind }) => kind)).toEqual(['Pod']);
    });

    it('finds the endpoint slices of a service', async () => {
      const labels = { 'kubernetes.io/service-name': 'web' };
      const metadata = { name: 'web-1', namespace: test.namespace, labels };
      const slice = object('discovery.k8s.io/v1', 'EndpointSlice', 'web-1', { metadata, addressType: 'IPv4' });
      const made = await test.create({ ...slice, endpoints: [], ports: [] });
      await seen(made);
      const found = test.live.endpointSlicesOf(test.namespace, 'web').map((other) => other.metadata.name);
      expect(found).toEqual(['web-1']);
    });

    it('notifies of a change right after the index has it', async () => {
      const notified: string[] = [];
      const unsubscribe = test.live.subscribe((changes: readonly LiveChange[]) => {
        for (const { object: changed, removed } of changes) {
          if (changed.metadata.namespace === test.namespace && changed.metadata.name === 'told') {
            const { apiVersion, kind } = changed;
            const isThere = test.live.get({ apiVersion, kind, namespace: test.namespace, name: 'told' }) !== undefined;
            notified.push(`${kind} ${removed ? 'removed' : 'there'} ${isThere}`);
          }
        }
      });
      const made = await test.create(object('v1', 'ConfigMap', 'told'));
      await seen(made);
      await test.remove(made);
      await eventually(() => expect(notified).toEqual(['ConfigMap there true', 'ConfigMap removed false']), OFTEN);
      unsubscribe();
    });

    it('watches a further kind while a reader needs it', async () => {
      const made = await test.create(object('v1', 'ServiceAccount', 'robot'));
      const release = test.live.ensureKind('v1', 'ServiceAccount');
      const releaseOther = test.live.ensureKind('v1', 'ServiceAccount');
      await seen(made);
      expect(test.live.knows('v1', 'ServiceAccount')).toBe(true);
      release();
      release();
      expect(test.live.knows('v1', 'ServiceAccount')).toBe(true);
      releaseOther();
    });

    it('knows of a kind that the cluster does not serve that there are none', async () => {
      const release = test.live.ensureKind('nothing.example.com/v1', 'Nothing');
      await eventually(() => expect(test.live.knows('nothing.example.com/v1', 'Nothing')).toBe(true), OFTEN);
      expect(test.live.list('nothing.example.com/v1', 'Nothing')).toEqual([]);
      release();
    });
  });
}
