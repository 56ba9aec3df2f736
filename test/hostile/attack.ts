import type { KubeClient } from '../harness/clients/kube-client.ts';
import type { Tenant } from '../harness/trust/tenant.ts';
import type { WalmApi } from '../harness/clients/walm-api.ts';
import type { WalmServer } from '../harness/programs/walm-server.ts';

/** What an attack has at hand: a server in use, with auth.mode kubernetes, on a cluster of its own. */
export interface HostileStage {
  /** The server's address, for those who speak without the API client. */
  url: string;
  /** It is never replaced: a restart is a defeat. */
  server: WalmServer;
  /** Who attacks: `edit` and `walm-edit` in one namespace. */
  attacker: Tenant & { api: WalmApi; kube: KubeClient };
  /** A second one like it, in a namespace of its own. */
  accomplice: Tenant & { api: WalmApi; kube: KubeClient };
  /** Somebody with a token and no right at all. */
  stranger: { token: string; api: WalmApi };
  /** Who is in the way: honest, in a namespace of their own, with the release `resident` and a Secret with a canary. */
  victim: Tenant & { api: WalmApi; canary: string };
  /** The administrator, to look and to clean up. */
  admin: KubeClient;
  /** Walm's own namespace. */
  systemNamespace: string;
  /** The configured chart repository. */
  repository: { name: string; url: string };
  /** Which time this is: an attack is repeated until it has lasted, from 1. */
  readonly round: number;
  /** A name that no earlier round used, with this beginning. */
  fresh(beginning: string): string;
  /** Aborted when the attack has lasted long enough: what waits or repeats stops then. */
  readonly over: AbortSignal;
}

/** What an attack may leave behind, for a reason. */
export interface Allowance {
  diskMi?: number;
  objectsKi?: number;
  heapMi?: number;
  because: string;
}

/**
 * One way to hurt others. A file in `attacks/` exports a list of them as `attacks`.
 *
 * `run` throws when an answer shows that the attack has won by itself: a 500, something read, a bound that does not hold.
 * What it costs others is measured from outside, while it is repeated for some seconds.
 */
export interface Attack {
  /** What is done, as a sentence without a subject: `sends 120 bodies of 4 MB`. */
  name: string;
  /** Quick and telling: it is part of what CI runs. */
  sample?: boolean;
  /** Only once, not again and again: where the first round is the attack. */
  once?: boolean;
  leaves?: Allowance;
  run(stage: HostileStage): Promise<void>;
}
