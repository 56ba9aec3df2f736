import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildChart } from '../harness/chart-builder.ts';
import { startChartRepository } from '../harness/chart-repository.ts';
import { createKubeClient } from '../harness/kube-client.ts';
import { startSandbox } from '../harness/sandbox.ts';
import { serviceAccountToken, tokenKubeconfig } from '../harness/service-account.ts';
import { createNamespace } from '../harness/test-namespace.ts';
import { giveOwnIdentity } from '../harness/trust/own-identity.ts';
import { makeTenant } from '../harness/trust/tenant.ts';
import { createWalmApi } from '../harness/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/walm-server.ts';
import type { HostileStage } from './attack.ts';
import { type Bystander, startBystander } from './bystander.ts';
import { createObserver, type Observed } from './observation.ts';

/** A cluster and a server in use, before anybody attacks. */
export interface HostileWorld {
  stage: Omit<HostileStage, 'round' | 'over' | 'fresh'>;
  bystander: Bystander;
  server: WalmServer;
  /** Asks the server how it feels; with a path it writes a heap snapshot there. */
  observe(snapshot?: string): Promise<Observed>;
  /** Namespaces in which something could be left behind. */
  attacked: readonly string[];
  stop(): Promise<void>;
}

const SYSTEM = 'walm-system';
const VICTIM = 'hostile-victim';
const ATTACKERS = ['hostile-attacker', 'hostile-accomplice'] as const;

/** What the honest user installs: small, so that an install takes as long as Walm and the cluster take. */
const modest = buildChart('modest', {
  'templates/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {a: b}\n',
});

/** Starts everything; `flags` are further ones of the server. */
export async function startHostileWorld(flags: readonly string[] = []): Promise<HostileWorld> {
  const closers: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    return await start(flags, closers, stop);
  } catch (failure) {
    await stop();
    throw failure;
  }
}

async function start(
  flags: readonly string[],
  closers: (() => unknown)[],
  stop: () => Promise<void>,
): Promise<HostileWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'walm-hostile-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const { handle, stop: stopSandbox } = await startSandbox();
  closers.push(stopSandbox);
  const kube = createKubeClient(handle.kubeconfig);
  closers.push(() => kube.close());
  for (const name of [SYSTEM, VICTIM, ...ATTACKERS]) await createNamespace(kube, name);
  const repository = await startChartRepository();
  closers.push(() => repository.close());
  repository.add(modest);

  const file = join(folder, 'walm.kubeconfig');
  const own = await giveOwnIdentity(kube, { systemNamespace: SYSTEM, adminKubeconfig: handle.kubeconfig, file });
  const server = await startWalmServer({
    kubeconfig: own.kubeconfig,
    observed: folder,
    repositories: [{ name: 'stable', url: repository.url }],
    flags: ['--auth-mode=kubernetes', ...flags],
    readyWithinMs: 120_000,
  });
  closers.push(() => server.stop());

  const armed = async (namespace: string) => {
    const tenant = await makeTenant(kube, namespace);
    const kubeconfig = join(folder, `${namespace}.kubeconfig`);
    writeFileSync(kubeconfig, tokenKubeconfig(handle.kubeconfig, tenant.token), { mode: 0o600 });
    const own = createKubeClient(kubeconfig);
    closers.push(() => own.close());
    return { ...tenant, api: createWalmApi(server.url, tenant.token), kube: own };
  };
  const victim = await armed(VICTIM);
  const canary = `canary-of-the-victim-${Date.now().toString(36)}`;
  await kube.create(`/api/v1/namespaces/${VICTIM}/secrets`, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'precious' },
    stringData: { password: canary },
  });
  await victim.api.mustInstall({ namespace: VICTIM, body: { name: 'resident' }, archive: modest.bytes });
  const strangersToken = await serviceAccountToken(kube, { namespace: 'default', name: 'stranger' });
  const [attacker, accomplice] = [await armed(ATTACKERS[0]), await armed(ATTACKERS[1])];
  const orders = { url: server.url, token: victim.token, namespace: VICTIM, archive: modest.bytes.toString('base64') };
  const bystander = startBystander(orders);
  closers.push(() => bystander.stop());

  return {
    stage: {
      url: server.url,
      server,
      attacker,
      accomplice,
      stranger: { token: strangersToken, api: createWalmApi(server.url, strangersToken) },
      victim: { ...victim, canary },
      admin: kube,
      systemNamespace: SYSTEM,
      repository: { name: 'stable', url: repository.url },
    },
    bystander,
    server,
    observe: createObserver(folder, () => server.pid),
    attacked: [SYSTEM, ...ATTACKERS],
    stop,
  };
}
