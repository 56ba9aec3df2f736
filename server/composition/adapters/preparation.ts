import type { Logger } from 'pino';
import type { KubeApi } from '../../adapters/kube/client/kube-api.ts';
import { installReleaseConfigCrd } from '../../adapters/kube/storage/release-config-crd.ts';
import { installSystemNamespace } from '../../adapters/kube/storage/system-namespace.ts';
import { backoffMs } from '../../../contract/backoff.ts';
import { type Clock, sleep } from '../../ports/runtime/clock.ts';
import type { DigestKey } from '../../ports/storage/digest-key.ts';
import type { ClusterView } from './cluster.ts';

export interface PreparationDeps {
  readonly kube: KubeApi;
  readonly systemNamespace: string;
  readonly digestKey: DigestKey;
  readonly readKeys: () => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Logger;
}

const RETRY = { initialMs: 500, maxMs: 10_000 };

/** Creates what Walm needs in the cluster: its namespace, its CRD, its keys. */
export function createPreparation(deps: PreparationDeps): Pick<ClusterView, 'prepare' | 'unprepared'> {
  const { kube, systemNamespace, digestKey, readKeys, clock, log } = deps;
  let unprepared: string | null = 'the cluster has not answered yet';

  async function prepareOnce(signal: AbortSignal): Promise<void> {
    await Promise.all([
      installSystemNamespace(kube, systemNamespace, signal),
      installReleaseConfigCrd({ kube, clock }, signal),
    ]);
    await Promise.all([digestKey.read(), readKeys()]);
  }

  return {
    unprepared: () => unprepared,
    async prepare(signal) {
      for (let failures = 1; !signal.aborted; failures += 1) {
        try {
          await prepareOnce(signal);
          unprepared = null;
          return;
        } catch (error) {
          if (signal.aborted) {
            return;
          }
          unprepared = error instanceof Error ? error.message : String(error);
          log.warn({ part: 'cluster', err: error }, 'preparing the cluster failed, will retry');
          await sleep(clock, backoffMs(failures, RETRY), signal).catch(() => undefined);
        }
      }
    },
  };
}
