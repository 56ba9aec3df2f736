import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createKubeClient, type KubeClient } from '../../../../test/harness/clients/kube-client.ts';
import { createNamespace } from '../../../../test/harness/clients/test-namespace.ts';
import { eventually } from '../../../../test/harness/eventually.ts';
import type { ReleaseInfo } from '../../../../contract/schemas/release.ts';
import { groupKind, type KubeObject, type ObjectRef, parseApiVersion } from '../../../domain/kube/kube-object.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { describeResources } from '../../../domain/status/resource-set.ts';
import { withClaims } from '../../../domain/status/stateful-set-claims.ts';
import { liveObjectsConformance } from '../../../ports/cluster/live-objects.conformance.ts';
import { systemClock } from '../../system/system-clock.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { discoverResource } from '../client/discover-resource.ts';
import { createLiveObjects, type KubeLiveObjects } from './live-objects.ts';
import { resourcePath } from '../client/resource-path.ts';

const BEHAVIOUR = 'sandbox.walm.io/behaviour';

let kube: KubeApi;
let client: KubeClient;
let live: KubeLiveObjects;
const stop = new AbortController();

beforeAll(async () => {
  const { kubeconfig } = inject('sandbox');
  kube = createKubeApi({ kubeconfig });
  client = createKubeClient(kubeconfig);
  live = createLiveObjects({ scope: [], kube, clock: systemClock, random: Math.random });
  void live.run(stop.signal);
  await live.synced;
});

afterAll(() => {
  stop.abort();
  kube.close();
  client.close();
});

async function pathOf(object: KubeObject, name?: string): Promise<string> {
  const found = await discoverResource(kube, object.apiVersion, object.kind);
  if (found === undefined) throw new Error(`the cluster does not serve ${object.kind}`);
  return resourcePath(found, object.metadata.namespace, name);
}

let namespaces = 0;

liveObjectsConformance(async () => {
  namespaces += 1;
  const namespace = await createNamespace(client, `live-objects-${namespaces}`);
  return {
    live,
    namespace,
    create: async (object) => kube.create(await pathOf(object), object),
    remove: async (object) => {
      await kube.remove(await pathOf(object, object.metadata.name));
    },
    close: () => client.remove(`/api/v1/namespaces/${namespace}`),
  };
});

describe('the live picture of a real cluster', () => {
  let namespace: string;

  beforeAll(async () => {
    namespace = await createNamespace(client, 'live-states');
  });

  afterAll(() => client.remove(`/api/v1/namespaces/${namespace}`));

  async function create(object: KubeObject): Promise<ObjectRef> {
    const { apiVersion, kind, metadata } = object;
    const placed = { ...object, metadata: { ...metadata, namespace } };
    await kube.create(await pathOf(placed), placed);
    return { apiVersion, kind, namespace, name: metadata.name };
  }

  function template(app: string, annotations: Record<string, string>, container: JsonObject = {}) {
    return {
      metadata: { labels: { app }, annotations },
      spec: { containers: [{ name: 'app', image: 'example.com/app:1', ...container }] },
    };
  }

  function deployment(name: string, annotations: Record<string, string>, container: JsonObject = {}): KubeObject {
    const spec = {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: template(name, annotations, container),
    };
    return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
  }

  /** Waits until the object waits for something with this reason, and returns it. */
  function awaited(ref: ObjectRef, reason: string): Promise<ReleaseInfo['waitingFor'][number]> {
    return eventually(() => {
      const waits = describeResources(live, [ref], Date.now()).unready.flatMap(({ waitingFor }) => waitingFor);
      const found = waits.find((wait) => wait.reason === reason);
      if (found === undefined) throw new Error(`it waits for ${JSON.stringify(waits)}`);
      return found;
    });
  }

  it.each([
    ['an image that cannot be pulled', 'image-pull-backoff', 'ImagePullBackOff', 'image example.com/app:1 cannot be'],
    ['a container that crashes', 'crash-loop', 'CrashLoopBackOff', 'last ended with exit code 1 (Error)'],
    ['a pod that no node takes', 'pending', 'Unschedulable', '0/3 nodes are available'],
    ['a volume that cannot be mounted', 'container-creating', 'ContainerCreating', 'MountVolume.SetUp failed'],
    ['a probe that does not pass', 'slow-ready', 'ReadinessProbe', 'its readiness probe has not passed yet'],
  ])('says of %s what is the matter', async (_name, behaviour, reason, message) => {
    const patience: Record<string, string> = behaviour === 'slow-ready' ? { 'sandbox.walm.io/ready-after': '60s' } : {};
    const ref = await create(deployment(behaviour, { [BEHAVIOUR]: behaviour, ...patience }));
    const wait = await awaited(ref, reason);
    expect(wait.message).toContain(message);
    expect(wait.container).toBe(reason === 'Unschedulable' ? undefined : 'app');
  });

  it('says of a quota that it is exceeded', async () => {
    await create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small' },
      spec: { hard: { 'limits.cpu': '1' } },
    });
    const resources = { limits: { cpu: '2' } };
    const ref = await create(deployment('too-much', {}, { resources }));
    expect((await awaited(ref, 'FailedCreate')).message).toContain('exceeded quota: small');
    await client.remove(`/api/v1/namespaces/${namespace}/resourcequotas/small`);
  });

  it('says of a StatefulSet that its pods may not be made', async () => {
    const spec = {
      replicas: 1,
      serviceName: 'forbidden',
      selector: { matchLabels: { app: 'forbidden' } },
      template: { ...template('forbidden', {}), spec: { ...template('', {}).spec, priorityClassName: 'nobody' } },
    };
    const ref = await create({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'forbidden' }, spec });
    expect((await awaited(ref, 'FailedCreate')).message).toContain('nobody');
  });

  it('says of a claim that its storage class does not exist', async () => {
    const ref = await create({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'lonely' },
      spec: {
        storageClassName: 'nowhere',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
      },
    });
    expect((await awaited(ref, 'Unbound')).message).toContain('storage class nowhere');
  });

  it('says of a Job that it failed', async () => {
    const pod = { ...template('job', { [BEHAVIOUR]: 'fail' }) };
    const spec = { backoffLimit: 0, template: { ...pod, spec: { ...pod.spec, restartPolicy: 'Never' } } };
    const ref = await create({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'failing' }, spec });
    expect((await awaited(ref, 'JobFailed')).message).toContain('BackoffLimitExceeded');
  });

  it('finds ready what is, with the claims that the StatefulSet made', async () => {
    const claim = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    const spec = {
      replicas: 2,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: template('db', {}),
      volumeClaimTemplates: [claim],
    };
    const ref = await create({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' }, spec });
    await eventually(() => {
      const { resources, unready } = describeResources(live, withClaims(live, [ref]), Date.now());
      expect(unready).toEqual([]);
      expect(resources.statefulsets.map(({ state, pods }) => [state.status, pods?.length])).toEqual([['Ready', 2]]);
      expect(resources.pvcs.map(({ name, state }) => [name, state.status])).toEqual([
        ['data-db-0', 'Bound'],
        ['data-db-1', 'Bound'],
      ]);
    });
  });

  it('begins to see a custom kind when its definition arrives', async () => {
    const apiVersion = 'late.example.com/v1';
    const release = live.ensureKind(apiVersion, 'Latecomer');
    await eventually(() => expect(live.knows(apiVersion, 'Latecomer')).toBe(true));
    const { group } = parseApiVersion(apiVersion);
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `latecomers.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind: 'Latecomer', plural: 'latecomers' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    };
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await kube.create(definitions, definition);
    const object = {
      apiVersion,
      kind: 'Latecomer',
      metadata: { name: 'one', labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
    };
    await eventually(() => create(object));
    live.rediscover();
    await eventually(() =>
      expect(live.list(apiVersion, 'Latecomer', namespace).map(({ metadata }) => metadata.name)).toEqual(['one']),
    );
    expect(groupKind(apiVersion, 'Latecomer')).toBe('Latecomer.late.example.com');
    release();
    await kube.remove(`${definitions}/latecomers.${group}`);
  });
});
