import { createSealKeyFile } from '../../adapters/files/seal-key-file.ts';
import { createKubeApi } from '../../adapters/kube/client/kube-api.ts';
import { createKubeNamespaceUids } from '../../adapters/kube/objects/namespace-uids.ts';
import { createKubeSealKeys } from '../../adapters/kube/storage/seal-keys.ts';
import type { Adapters } from './adapters.ts';

/** Seal keys from the cluster, or from the file that the configuration names; nothing is read before it is needed. */
export const createSealSources: Adapters['sealSources'] = ({ kubernetes, seal }, { clock, secret }) => {
  const { kubeconfig, context, inCluster, systemNamespace } = kubernetes;
  const kube = createKubeApi({ ...(kubeconfig && { kubeconfig }), ...(context && { context }), inCluster });
  const { keyFile } = seal;
  return {
    keys:
      keyFile === ''
        ? createKubeSealKeys({ kube, namespace: systemNamespace, clock, secret })
        : createSealKeyFile(keyFile),
    namespaces: createKubeNamespaceUids({ kube }),
    close: () => kube.close(),
  };
};
