import type { clusterOperations } from '../../../contract/operations/cluster/cluster-operations.ts';
import type { ReadClaims } from '../../services/cluster/read-claims.ts';
import type { ReadLogs } from '../../services/cluster/read-logs.ts';
import type { ReadNodes } from '../../services/cluster/read-nodes.ts';
import type { ReadPods } from '../../services/cluster/read-pods.ts';
import type { ReadSecrets } from '../../services/cluster/read-secrets.ts';
import type { ReadStorageClasses } from '../../services/cluster/read-storage-classes.ts';
import type { ReadTenants } from '../../services/cluster/read-tenants.ts';
import type { ObjectReading } from '../../ports/cluster/object-reader.ts';
import { readTime } from '../../domain/lists/read-time.ts';
import { prefersToJson } from '../answers/conditional-answer.ts';
import type { ClusterChangeId } from './cluster-change-handlers.ts';
import type { CallContext, HandlersOf } from './handler.ts';

/** The use cases of the operations that read objects of the cluster. */
export type ClusterServices = ReadClaims &
  ReadLogs &
  ReadNodes &
  ReadPods &
  ReadSecrets &
  ReadStorageClasses &
  ReadTenants;

/** The handlers of the operations that read objects of the cluster. */
export function createClusterHandlers(
  services: ClusterServices,
): HandlersOf<Exclude<keyof typeof clusterOperations, ClusterChangeId>> {
  return {
    listNodes: async (call) => ({ status: 200, body: await services.listNodes(call.query, readingOf(call)) }),
    getNode: async (call) => ({ status: 200, body: await services.getNode(call.path.node, readingOf(call)) }),
    listPods: async ({ path, query }) => ({ status: 200, body: await services.listPods(path.namespace, query) }),
    getPod: async ({ path }) => ({ status: 200, body: await services.getPod(path.namespace, path.pod) }),
    listPodEvents: async ({ path, ...call }) => ({
      status: 200,
      body: await services.listPodEvents(path.namespace, path.pod, readingOf(call)),
    }),
    getPodLogs: async ({ path, query, accept, ...call }) => {
      const { follow, previous, timestamps, container, tail, sinceSec, sinceTime, limitBytes } = query;
      readTime('sinceTime', sinceTime);
      const wanted = {
        follow,
        previous,
        timestamps,
        ...(container !== undefined && { container }),
        ...(tail !== undefined && { tail }),
        ...(sinceSec !== undefined && { sinceSec }),
        ...(sinceTime !== undefined && { sinceTime }),
        ...(limitBytes !== undefined && { limitBytes }),
      };
      const pod = { namespace: path.namespace, name: path.pod };
      const told = (name: string) => ({ 'walm-container': name, 'cache-control': 'no-store' });
      if (follow || prefersToJson(accept, 'text/plain')) {
        const { container: name, stream } = await services.streamLog(pod, wanted, readingOf(call));
        const headers = { ...told(name), 'content-type': 'text/plain; charset=utf-8', 'x-accel-buffering': 'no' };
        return { status: 200, body: stream, headers };
      }
      const { container: name, text } = await services.readLog(pod, wanted, readingOf(call));
      return { status: 200, body: text, headers: told(name) };
    },
    listSecrets: async ({ path, query, ...call }) => ({
      status: 200,
      body: await services.listSecrets(path.namespace, query, readingOf(call)),
    }),
    getSecret: async ({ path, ...call }) => ({
      status: 200,
      body: await services.getSecret(path.namespace, path.secret, readingOf(call)),
    }),
    listClaims: async ({ path, query, ...call }) => ({
      status: 200,
      body: await services.listClaims(path.namespace, query, readingOf(call)),
    }),
    getClaim: async ({ path, ...call }) => ({
      status: 200,
      body: await services.getClaim(path.namespace, path.claim, readingOf(call)),
    }),
    listStorageClasses: async (call) => ({
      status: 200,
      body: await services.listStorageClasses(call.query, readingOf(call)),
    }),
    getStorageClass: async ({ path, ...call }) => ({
      status: 200,
      body: await services.getStorageClass(path.class, readingOf(call)),
    }),
    listTenants: async (call) => ({ status: 200, body: await services.listTenants(call.query, readingOf(call)) }),
    getTenant: async ({ path, ...call }) => ({
      status: 200,
      body: await services.getTenant(path.tenant, readingOf(call)),
    }),
  };
}

function readingOf({ caller, signal }: Pick<CallContext, 'caller' | 'signal'>): ObjectReading {
  return { as: caller, signal };
}
