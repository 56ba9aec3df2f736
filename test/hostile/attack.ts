import type { KubeClient } from '../harness/clients/kube-client.ts';
import type { Tenant } from '../harness/trust/tenant.ts';
import type { WalmApi } from '../harness/clients/walm-api.ts';
import type { WalmServer } from '../harness/programs/walm-server.ts';

/** What an attack can use: a busy server, with auth.mode kubernetes, on a cluster of its own. */
export interface HostileStage {
  /** The server's address, for requests without the API client. */
  url: string;
  /** Never replaced: a restart means that the attack succeeded. */
  server: WalmServer;
  /** The attacker: `edit` and `walm-edit` in one namespace. */
  attacker: Tenant & { api: WalmApi; kube: KubeClient };
  /** A second attacker, in another namespace. */
  accomplice: Tenant & { api: WalmApi; kube: KubeClient };
  /** A caller with a token and no rights. */
  stranger: { token: string; api: WalmApi };
  /** The victim: an honest user in another namespace, with the release `resident` and a Secret with a canary. */
  victim: Tenant & { api: WalmApi; canary: string };
  /** The administrator, for checks and cleaning up. */
  admin: KubeClient;
  /** Walm's own namespace. */
  systemNamespace: string;
  /** The configured chart repository. */
  repository: { name: string; url: string };
  /** Number of the round: an attack is repeated until its time is over, from 1. */
  readonly round: number;
  /** A name with this prefix that no earlier round used. */
  fresh(beginning: string): string;
  /** Aborted when the attack's time is over: loops and waits stop then. */
  readonly over: AbortSignal;
}

/** What an attack may leave behind, with the reason. */
export interface Allowance {
  diskMi?: number;
  objectsKi?: number;
  heapMi?: number;
  because: string;
}

/**
 * One way to harm others. A file in `attacks/` exports a list of them as `attacks`.
 *
 * `run` throws if an answer shows that the attack succeeded: a 500, a secret that was read, a limit that does not hold.
 * Its effect on others is measured from outside, while it is repeated for some seconds.
 */
export interface Attack {
  /** The attack as a predicate: `sends 120 bodies of 4 MB`. */
  name: string;
  /** Fast and representative: part of what CI runs. */
  sample?: boolean;
  /** Run only once: the first round is the attack. */
  once?: boolean;
  leaves?: Allowance;
  run(stage: HostileStage): Promise<void>;
}
