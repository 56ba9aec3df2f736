import { eventually } from '../eventually.ts';
import type { KubeClient } from './kube-client.ts';

/** Creates a namespace and waits until Kubernetes has created its service account and root certificate. */
export async function createNamespace(kube: KubeClient, name: string): Promise<string> {
  await kube.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await eventually(async () => {
    const base = `/api/v1/namespaces/${name}`;
    const furniture = [`${base}/serviceaccounts/default`, `${base}/configmaps/kube-root-ca.crt`];
    for (const path of furniture) {
      if ((await kube.find(path)) === undefined) throw new Error(`${path} is not there`);
    }
  });
  return name;
}
