import { checkPass, type WritePass } from '../../../ports/gate/passes.ts';
import type { KubeApi, KubeReader, KubeWriter } from './kube-api.ts';

/**
 * The API server as the adapters of gated ports get it: anything can be read, and only who holds a pass of the gate can
 * write. A method that takes no pass cannot write, whatever its port calls it. `writing` throws for a pass that the gate
 * did not issue.
 */
export type FencedKube = KubeReader & { writing(pass: WritePass): KubeWriter };

/** Puts the fence around a connection. */
export function fenceKube(kube: KubeApi): FencedKube {
  const { get, list, watch, text, open, renewConnections } = kube;
  return {
    get,
    list,
    watch,
    text,
    open,
    renewConnections,
    writing(pass) {
      checkPass(pass);
      return kube;
    },
  };
}
