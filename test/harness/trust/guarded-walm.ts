import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { KubeClient } from '../clients/kube-client.ts';
import { startWalmServer, type WalmServer, type WalmServerOptions } from '../programs/walm-server.ts';
import { KNOWN_EXCEPTIONS } from './known-exceptions.ts';
import type { KnownException } from './own-deeds.ts';
import { giveOwnIdentity } from './own-identity.ts';
import { type OwnDeeds, watchOwnDeeds } from './watch-own-deeds.ts';

/** A cluster to which the test has administrator access. */
export interface GuardedCluster {
  kube: KubeClient;
  kubeconfig: string;
  /** File in which the API server logs every request; undefined if there is none. */
  auditLog: string | undefined;
}

/** Settings of a test's Walm, in addition to those of every server. */
export interface GuardedOptions extends Omit<WalmServerOptions, 'kubeconfig'> {
  /** An existing namespace. */
  systemNamespace: string;
  /** What this test allows in addition to the general exceptions. */
  known?: readonly KnownException[];
}

/** A server with `auth.mode: kubernetes` and the documented identity of its own, whose requests are checked. */
export interface GuardedWalm {
  readonly server: WalmServer;
  /** Kills the server, and starts another one with these flags on its port and folder. */
  restart(flags: readonly string[]): Promise<void>;
  /** Undefined if the cluster has no audit log. */
  deeds: OwnDeeds | undefined;
  /** Stops the server; throws if it made forbidden requests in its own name, listing them. */
  stop(): Promise<void>;
}

/** Starts one that listens on loopback. It has exactly the rights that the security guide documents. */
export async function startGuardedWalm(cluster: GuardedCluster, options: GuardedOptions): Promise<GuardedWalm> {
  const { kube, kubeconfig: adminKubeconfig, auditLog } = cluster;
  const { systemNamespace, known = [], flags = [], ...rest } = options;
  const folder = mkdtempSync(join(tmpdir(), 'walm-own-'));
  const own = await giveOwnIdentity(kube, { systemNamespace, adminKubeconfig, file: join(folder, 'kubeconfig') });
  const facts = { user: own.user, systemNamespace };
  const deeds = auditLog === undefined ? undefined : watchOwnDeeds(auditLog, facts, [...KNOWN_EXCEPTIONS, ...known]);
  if (deeds === undefined) console.log('the cluster has no audit log: what Walm does in its own name is not looked at');
  const start = (more: readonly string[], after?: WalmServer): Promise<WalmServer> =>
    startWalmServer({
      ...rest,
      ...(after !== undefined && { after }),
      kubeconfig: own.kubeconfig,
      flags: ['--auth-mode=kubernetes', `--kubernetes-system-namespace=${systemNamespace}`, ...more],
    });
  let server = await start(flags).catch((failure: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw failure;
  });
  return {
    get server() {
      return server;
    },
    async restart(others) {
      await server.kill();
      server = await start(others, server);
    },
    deeds,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
      await deeds?.expectNothingElsewhere();
    },
  };
}
