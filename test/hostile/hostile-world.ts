import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { startChartRepository } from '../harness/charts/chart-repository.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { serviceAccountToken, tokenKubeconfig } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { startGuardedWalm } from '../harness/trust/guarded-walm.ts';
import { makeTenant } from '../harness/trust/tenant.ts';
import { createWalmApi } from '../harness/clients/walm-api.ts';
import { fromAddress } from './from-address.ts';
import type { WalmServer } from '../harness/programs/walm-server.ts';
import type { HostileStage } from './attack.ts';
import { type Bystander, startBystander } from './bystander.ts';
import { createObserver, type Observed } from './observation.ts';
import type { ResiduePlaces } from './residue.ts';

/** A cluster and a busy server, before any attack. */
export interface HostileWorld {
  stage: Omit<HostileStage, 'round' | 'over' | 'fresh'>;
  bystander: Bystander;
  server: WalmServer;
  /** Requests the server's measurements; with a path it also writes a heap snapshot there. */
  observe(snapshot?: string): Promise<Observed>;
  /** Places where something could be left behind. */
  attacked: ResiduePlaces;
  stop(): Promise<void>;
}

const SYSTEM = 'walm-system';
const VICTIM = 'hostile-victim';
const ATTACKERS = ['hostile-attacker', 'hostile-accomplice'] as const;

/** The chart that the honest user installs: small, so that the time of an install is that of Walm and the cluster. */
const modest = buildChart('modest', {
  'templates/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {a: b}\n',
});

/** Starts everything; `flags` are added to those of the server. */
export async function startHostileWorld(flags: readonly string[] = []): Promise<HostileWorld> {
  const closers: (() => Promise<unknown> | void)[] = [];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const close of closers.splice(0).toReversed()) {
      await Promise.resolve(close()).catch((failure: unknown) => failures.push(failure));
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    return await start(flags, closers, stop);
  } catch (failure) {
    await stop().catch(() => undefined);
    throw failure;
  }
}

async function start(
  flags: readonly string[],
  closers: (() => Promise<unknown> | void)[],
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

  const { kubeconfig, auditLog } = handle;
  const guarded = await startGuardedWalm(
    { kube, kubeconfig, auditLog },
    {
      systemNamespace: SYSTEM,
      observed: folder,
      repositories: [{ name: 'stable', url: repository.url }],
      flags: [...flags],
      readyWithinMs: 120_000,
    },
  );
  closers.push(() => guarded.stop());
  const { server } = guarded;

  const armed = async (namespace: string) => {
    const tenant = await makeTenant(kube, namespace);
    const file = join(folder, `${namespace}.kubeconfig`);
    writeFileSync(file, tokenKubeconfig(kubeconfig, tenant.token), { mode: 0o600 });
    const own = createKubeClient(file);
    closers.push(() => own.close());
    return { ...tenant, api: createWalmApi(server.url, tenant.token), kube: own };
  };
  const victimUrl = await fromAddress('127.0.0.2', server.url);
  const armedVictim = await armed(VICTIM);
  const victim = { ...armedVictim, api: createWalmApi(victimUrl, armedVictim.token) };
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
    attacked: { folder: server.folder, namespaces: [SYSTEM, ...ATTACKERS], honest: VICTIM },
    stop,
  };
}
