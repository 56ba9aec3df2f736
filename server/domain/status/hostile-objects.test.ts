import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costGrowth } from '../../../test/harness/timing/cost-growth.ts';
import { firstCost } from '../../../test/harness/timing/processor-cost.ts';
import { readReleaseFacts } from '../release/release-facts.ts';
import { asKubeObject, type KubeObject, type ObjectRef } from '../kube/kube-object.ts';
import { leanObject } from '../kube/lean-object.ts';
import type { JsonObject } from '../json/json.ts';
import { createObjectIndex } from '../indexes/object-index.ts';
import { createReleaseObjects } from '../indexes/release-objects.ts';
import { describeResources } from './resource-set.ts';
import { withClaims } from './stateful-set-claims.ts';

const KINDS = [
  ['v1', 'Pod'],
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'PersistentVolumeClaim'],
  ['v1', 'Event'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['apps/v1', 'ReplicaSet'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['discovery.k8s.io/v1', 'EndpointSlice'],
  ['apiextensions.transwarp.io/v1beta1', 'ReleaseConfig'],
  ['example.org/v1', 'Anything'],
] as const;

/** Fields that Walm reads, so that arbitrary contents get there, too. */
const FIELDS = ['spec', 'status', 'data', 'type', 'ports', 'endpoints', 'involvedObject', 'reason', 'message'];
const INNER = [
  'replicas',
  'conditions',
  'containerStatuses',
  'initContainerStatuses',
  'volumes',
  'volumeClaimTemplates',
  'rules',
  'ports',
  'selector',
  'observedGeneration',
  'phase',
  'metadata',
  'capacity',
  'accessModes',
  'state',
  'updateStrategy',
];
const METADATA = [
  'labels',
  'annotations',
  'ownerReferences',
  'uid',
  'namespace',
  'generation',
  'deletionTimestamp',
  'finalizers',
  'creationTimestamp',
];

const value = fc.oneof(
  { weight: 2, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.constantFrom(null, [], {}, [null], [[]], -1, 2 ** 31, 'x') },
);
const inner = fc.oneof(value, fc.dictionary(fc.constantFrom(...INNER), value));
const body = fc.dictionary(fc.constantFrom(...FIELDS), inner);
const metadata = fc.oneof(value, fc.dictionary(fc.constantFrom(...METADATA), value));

describe('what the cluster holds', () => {
  it.each(KINDS)('can be anything in a %s %s, and nothing throws', (apiVersion, kind) => {
    fc.assert(
      fc.property(body, metadata, fc.boolean(), (content, meta, isPlaced) => {
        const own = isPlaced && typeof meta === 'object' && meta !== null && !Array.isArray(meta);
        const placed = own ? { ...meta, name: 'a', namespace: 'demo', uid: 'u' } : meta;
        const object = asKubeObject({ ...content, apiVersion, kind, metadata: placed });
        const index = createObjectIndex();
        if (kind === 'Event') {
          index.warnings.put(object);
          return;
        }
        const lean = leanObject(object);
        index.put(lean);
        const ref: ObjectRef = { apiVersion, kind, namespace: lean.metadata.namespace ?? '', name: lean.metadata.name };
        const objects = createReleaseObjects();
        objects.put('demo/web', [ref]);
        objects.releasesOf(lean, index);
        readReleaseFacts(object as unknown as JsonObject);
        const { resources } = describeResources(index, withClaims(index, [ref]), 0);
        expect(Object.values(resources).flat()).not.toHaveLength(0);
        index.remove(lean);
      }),
      { numRuns: 150 },
    );
  });

  it('may say that objects own each other', () => {
    const owned = (name: string, owner: string): KubeObject => ({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name,
        namespace: 'demo',
        uid: name,
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner }],
      },
    });
    const index = createObjectIndex();
    ['a b', 'b a', 'c c'].forEach((pair) => index.put(owned(pair.charAt(0), pair.charAt(2))));
    expect([index.podsOf('a'), index.podsOf('c')]).toEqual([[], []]);
  });

  it('may ask for two billion replicas', () => {
    const set = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'a', namespace: 'demo' },
      spec: {
        replicas: 2 ** 31 - 1,
        volumeClaimTemplates: Array.from({ length: 1000 }, () => ({ metadata: { name: 'd' } })),
      },
    };
    const index = createObjectIndex();
    index.put(leanObject(set));
    const refs = [{ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'demo', name: 'a' }];
    expect(firstCost(() => withClaims(index, refs))).toBeLessThan(4_000);
  });

  it('is described in a time that grows with its number', () => {
    const index = createObjectIndex();
    const refs = Array.from({ length: 20_000 }, (_, at) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'demo',
      name: `c${at}`,
    }));
    const describing = (count: number) => () =>
      expect(describeResources(index, refs.slice(0, count), 0).unready).toHaveLength(count);
    expect(costGrowth(describing(2_000), describing(20_000), 30)).toBeLessThan(30);
  });
});
