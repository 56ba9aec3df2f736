import type { Logger } from 'pino';
import { createSealKeyFile } from '../../adapters/files/seal-key-file.ts';
import { createKubeApi } from '../../adapters/kube/client/kube-api.ts';
import { createKubeNamespaceUids } from '../../adapters/kube/objects/namespace-uids.ts';
import { createKubeSealKeys } from '../../adapters/kube/storage/seal-keys.ts';
import type { Config } from '../../config/config-options.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { createRecordSeals } from '../../services/trust/record-seals.ts';
import { createSealRing } from '../../services/trust/seal-ring.ts';
import { createTaskSeal } from '../../services/trust/task-seal.ts';

/** What seals need from the rest of the server. */
export interface TrustPartsDeps {
  readonly config: Pick<Config, 'kubernetes' | 'seal'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Everything that knows the keys of the seals. Nothing is read before it is needed. */
export function createTrustParts({ config, clock, log }: TrustPartsDeps) {
  const { kubeconfig, context, inCluster, systemNamespace } = config.kubernetes;
  const kube = createKubeApi({ ...(kubeconfig && { kubeconfig }), ...(context && { context }), inCluster });
  const { keyFile } = config.seal;
  const ring = createSealRing({
    keys: keyFile === '' ? createKubeSealKeys({ kube, namespace: systemNamespace, clock }) : createSealKeyFile(keyFile),
    clock,
    onTrouble: (error) =>
      log.warn({ part: 'seals', err: error }, 'the seal keys cannot be read again, going on with those known'),
  });

  return {
    ring,
    records: createRecordSeals({ ring, namespaces: createKubeNamespaceUids({ kube }), clock }),
    tasks: createTaskSeal(ring),
    close: () => kube.close(),
  };
}
