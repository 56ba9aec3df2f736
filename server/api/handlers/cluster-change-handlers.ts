import type { Warning } from '../../../contract/schemas/warning.ts';
import type { ChangeNodes } from '../../services/cluster/change-nodes.ts';
import type { ChangeSecrets } from '../../services/cluster/change-secrets.ts';
import type { ChangeTenants } from '../../services/cluster/change-tenants.ts';
import type { RemoveClaims } from '../../services/cluster/remove-claims.ts';
import type { RemoveTenant } from '../../services/cluster/remove-tenant.ts';
import type { RestartPod } from '../../services/cluster/restart-pod.ts';
import type { CallContext, HandlersOf } from './handler.ts';

/** The use cases that change objects of the cluster. */
export type ClusterChanges = ChangeNodes &
  ChangeSecrets &
  ChangeTenants &
  RemoveClaims & { removeTenant: RemoveTenant; restartPod: RestartPod };

/** The operations that change objects of the cluster. */
export type ClusterChangeId =
  | 'annotateNode'
  | 'createSecret'
  | 'createTenant'
  | 'deleteClaim'
  | 'deleteClaims'
  | 'deleteSecret'
  | 'deleteTenant'
  | 'labelNode'
  | 'restartPod'
  | 'taintNode'
  | 'updateSecret'
  | 'updateTenant';

/** The handlers of the operations that change objects of the cluster. */
export function createClusterChangeHandlers(changes: ClusterChanges): HandlersOf<ClusterChangeId> {
  return {
    labelNode: async ({ path, body, ...call }) => {
      await changes.labelNode(path.node, body, call.caller);
      return doneWith(call);
    },
    annotateNode: async ({ path, body, ...call }) => {
      await changes.annotateNode(path.node, body, call.caller);
      return doneWith(call);
    },
    taintNode: async ({ path, query, body, ...call }) => {
      const preview = await changes.taintNode(path.node, body, query, readingOf(call));
      return preview === null ? doneWith(call) : { status: 200, body: preview };
    },
    restartPod: async ({ path, query, ...call }) => {
      await changes.restartPod({ namespace: path.namespace, name: path.pod }, query, call.caller);
      return doneWith(call);
    },
    createSecret: async ({ path, body, ...call }) => {
      await changes.createSecret(path.namespace, body, call.caller);
      return doneWith(call);
    },
    updateSecret: async ({ path, body, ...call }) => {
      await changes.updateSecret(path.namespace, body, readingOf(call));
      return doneWith(call);
    },
    deleteSecret: async ({ path, query, ...call }) => {
      await changes.deleteSecret(path.namespace, path.secret, query, readingOf(call));
      return doneWith(call);
    },
    deleteClaim: async ({ path, query, ...call }) => {
      const removed = await changes.deleteClaim(path.namespace, path.claim, query, readingOf(call));
      return query.dryrun && removed !== null ? { status: 200, body: removed } : doneWith(call);
    },
    createTenant: async ({ path, query, body, ...call }) => {
      await changes.createTenant(path.tenant, body, query, readingOf(call));
      return doneWith(call);
    },
    updateTenant: async ({ path, query, body, ...call }) => {
      await changes.updateTenant(path.tenant, body, query, readingOf(call));
      return doneWith(call);
    },
    deleteTenant: async ({ path, query, ...call }) => {
      const { requestId } = call;
      const removal = await changes.removeTenant(path.tenant, { ...query, requestId }, readingOf(call));
      return removal === null ? doneWith(call) : { status: 200, body: removal };
    },
    deleteClaims: async ({ path, query, ...call }) => ({
      status: 200,
      body: await changes.deleteClaims(path.namespace, query, readingOf(call)),
    }),
  };
}

/** Nothing to say but what the request did not mean. */
function doneWith({ warnings }: Pick<CallContext, 'warnings'>): {
  status: 200;
  body: { warnings: Warning[] } | undefined;
} {
  return { status: 200, body: warnings.length > 0 ? { warnings: [...warnings] } : undefined };
}

function readingOf({ caller, signal }: Pick<CallContext, 'caller' | 'signal'>) {
  return { as: caller, signal };
}
