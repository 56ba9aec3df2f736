import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { KubeClient } from '../clients/kube-client.ts';
import { startWalmServer, type WalmServer, type WalmServerOptions } from '../programs/walm-server.ts';
import { KNOWN_EXCEPTIONS } from './known-exceptions.ts';
import type { KnownException } from './own-deeds.ts';
import { giveOwnIdentity } from './own-identity.ts';
import { type OwnDeeds, watchOwnDeeds } from './watch-own-deeds.ts';

/** A cluster whose administrator we are. */
export interface GuardedCluster {
  kube: KubeClient;
  kubeconfig: string;
  /** File in which the API server notes every request; undefined where nobody notes. */
  auditLog: string | undefined;
}

/** How a test wants its Walm, beside what every server can be told. */
export interface GuardedOptions extends Omit<WalmServerOptions, 'kubeconfig'> {
  /** A namespace that exists. */
  systemNamespace: string;
  /** What this test allows beside what is allowed everywhere. */
  known?: readonly KnownException[];
}

/** A server with `auth.mode: kubernetes` and the documented identity of its own, whose deeds are looked at. */
export interface GuardedWalm {
  server: WalmServer;
  /** Undefined where the cluster has no audit log. */
  deeds: OwnDeeds | undefined;
  /** Stops the server; throws, naming each deed, when it did in its own name what it must not do. */
  stop(): Promise<void>;
}

/** Starts one that listens on loopback. It may do what the security guide documents, and not more. */
export async function startGuardedWalm(cluster: GuardedCluster, options: GuardedOptions): Promise<GuardedWalm> {
  const { kube, kubeconfig: adminKubeconfig, auditLog } = cluster;
  const { systemNamespace, known = [], flags = [], ...rest } = options;
  const folder = mkdtempSync(join(tmpdir(), 'walm-own-'));
  const own = await giveOwnIdentity(kube, { systemNamespace, adminKubeconfig, file: join(folder, 'kubeconfig') });
  const facts = { user: own.user, systemNamespace };
  const deeds = auditLog === undefined ? undefined : watchOwnDeeds(auditLog, facts, [...KNOWN_EXCEPTIONS, ...known]);
  if (deeds === undefined) console.log('the cluster has no audit log: what Walm does in its own name is not looked at');
  const server = await startWalmServer({
    ...rest,
    kubeconfig: own.kubeconfig,
    flags: ['--auth-mode=kubernetes', `--kubernetes-system-namespace=${systemNamespace}`, ...flags],
  }).catch((failure: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw failure;
  });
  return {
    server,
    deeds,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
      await deeds?.expectNothingElsewhere();
    },
  };
}
