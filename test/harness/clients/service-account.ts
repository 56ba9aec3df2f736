import { readFileSync } from 'node:fs';

import { parse, parseAllDocuments, stringify } from 'yaml';

import type { KubeClient } from './kube-client.ts';

/** A service account by its place. */
export interface ServiceAccount {
  namespace: string;
  name: string;
}

/** A rule of a Role. */
interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const RBAC = 'rbac.authorization.k8s.io';

/** Creates a service account and returns a token of it, by the TokenRequest API. */
export async function serviceAccountToken(kube: KubeClient, { namespace, name }: ServiceAccount): Promise<string> {
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await kube.create(accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 43_200 } };
  const { status } = await kube.create(`${accounts}/${name}/token`, request);
  return (status as { token: string }).token;
}

/** Gives a service account a right in a namespace. Returns the path of the binding; deleting it removes the right. */
export async function allow(
  kube: KubeClient,
  account: ServiceAccount,
  namespace: string,
  rules: readonly Rule[],
): Promise<string> {
  const base = `/apis/${RBAC}/v1/namespaces/${namespace}`;
  const metadata = { name: `${account.namespace}-${account.name}` };
  await kube.create(`${base}/roles`, { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata, rules });
  await kube.create(`${base}/rolebindings`, {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'Role', name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  });
  return `${base}/rolebindings/${metadata.name}`;
}

/** Text of a kubeconfig like another one, with the given token instead of its user. */
export function tokenKubeconfig(kubeconfigPath: string, token: string): string {
  const file = parse(readFileSync(kubeconfigPath, 'utf8')) as { contexts: { context: { user: string } }[] };
  const contexts = file.contexts.map((one) => ({ ...one, context: { ...one.context, user: 'account' } }));
  return stringify({ ...file, contexts, users: [{ name: 'account', user: { token } }] });
}

/** The roles that a page of the documentation shows, by name. */
export function documentedRoles(page: string): Record<string, { rules: Rule[] }> {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
  const objects = blocks.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as unknown));
  const roles = objects as { kind?: string; metadata: { name: string }; rules: Rule[] }[];
  const documented = roles
    .filter(({ kind }) => kind === 'ClusterRole')
    .map((role) => [role.metadata.name, role] as const);
  return Object.fromEntries(documented);
}

/** Creates a ClusterRole and binds it to a service account cluster-wide. */
export async function allowEverywhere(
  kube: KubeClient,
  account: ServiceAccount,
  rules: readonly Rule[],
): Promise<void> {
  const base = `/apis/${RBAC}/v1`;
  const metadata = { name: `${account.namespace}-${account.name}` };
  await kube.create(`${base}/clusterroles`, { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata, rules });
  await kube.create(`${base}/clusterrolebindings`, {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  });
}
