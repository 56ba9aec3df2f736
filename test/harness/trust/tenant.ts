import type { KubeClient } from '../clients/kube-client.ts';
import { allow, documentedRoles, type ServiceAccount, serviceAccountToken } from '../clients/service-account.ts';
import { SECURITY_GUIDE } from './own-identity.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** A user with Kubernetes' own role `edit` and the documented `walm-edit` in one namespace, and no rights elsewhere. */
export interface Tenant {
  user: string;
  namespace: string;
  token: string;
}

/** Creates a tenant of an existing namespace. */
export async function makeTenant(kube: KubeClient, namespace: string, name = 'tenant'): Promise<Tenant> {
  const account: ServiceAccount = { namespace, name };
  const token = await serviceAccountToken(kube, account);
  await allow(kube, account, namespace, documentedRoles(SECURITY_GUIDE)['walm-edit']?.rules ?? []);
  await kube.create(`/apis/${RBAC}/v1/namespaces/${namespace}/rolebindings`, {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name: `${name}-edit` },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'edit' },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  });
  return { user: `system:serviceaccount:${namespace}:${name}`, namespace, token };
}
