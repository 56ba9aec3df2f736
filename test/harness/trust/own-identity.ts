import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { KubeClient } from '../clients/kube-client.ts';
import {
  allow,
  allowEverywhere,
  documentedRoles,
  serviceAccountToken,
  tokenKubeconfig,
} from '../clients/service-account.ts';

/** The page whose roles the tests use: the documented roles must suffice. */
export const SECURITY_GUIDE = fileURLToPath(new URL('../../../docs/guide/security.md', import.meta.url));

/** Walm's own identity on a server under test. */
export interface OwnIdentity {
  /** The user name, as in the audit log. */
  user: string;
  /** Path of the kubeconfig for the server. */
  kubeconfig: string;
}

/**
 * Creates a service account for Walm in its system namespace, with exactly the rights that the guide documents. The
 * namespace must exist; the kubeconfig is written to `file`.
 */
export async function giveOwnIdentity(
  kube: KubeClient,
  options: { systemNamespace: string; adminKubeconfig: string; file: string },
): Promise<OwnIdentity> {
  const { systemNamespace, adminKubeconfig, file } = options;
  const account = { namespace: systemNamespace, name: 'walm' };
  const token = await serviceAccountToken(kube, account);
  writeFileSync(file, tokenKubeconfig(adminKubeconfig, token), { mode: 0o600 });
  const roles = documentedRoles(SECURITY_GUIDE);
  await allowEverywhere(kube, account, roles['walm']?.rules ?? []);
  await allow(kube, account, systemNamespace, roles['walm-own']?.rules ?? []);
  return { user: `system:serviceaccount:${account.namespace}:${account.name}`, kubeconfig: file };
}
