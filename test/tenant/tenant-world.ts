import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { startChartRepository } from '../harness/charts/chart-repository.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { tokenKubeconfig } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type GuardedWalm, startGuardedWalm } from '../harness/trust/guarded-walm.ts';
import { makeTenant, type Tenant } from '../harness/trust/tenant.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import type { Canaries } from './canaries.ts';
import type { Target } from './move.ts';

export const SYSTEM = 'walm-system';
export const TENANT = 'tenant-own';
/** The namespaces of releases that do not change while the tenant plays: the second uses the outputs of the first. */
export const HONEST = ['tenant-honest-a', 'tenant-honest-b'] as const;

/** A cluster with honest users and their releases, and one hostile tenant. */
export interface TenantWorld {
  kube: KubeClient;
  walm: GuardedWalm;
  tenant: Tenant & { api: WalmApi; kube: KubeClient };
  honest: readonly (Tenant & { api: WalmApi })[];
  targets: readonly Target[];
  canaries: Canaries;
  stop(): Promise<void>;
}

const modest = buildChart('modest', {
  'templates/map.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {got: {{ .Values | toJson | quote }}}\n',
  'values.yaml': 'word: ""\n',
});

/** Starts the world; resolves when honest releases are ready and nothing changes any more. */
export async function startTenantWorld(): Promise<TenantWorld> {
  const closers: (() => Promise<unknown> | void)[] = [];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const close of closers.splice(0).toReversed()) {
      await Promise.resolve(close()).catch((failure: unknown) => failures.push(failure));
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    return { ...(await start(closers)), stop };
  } catch (failure) {
    await stop().catch(() => undefined);
    throw failure;
  }
}

async function start(closers: (() => Promise<unknown> | void)[]): Promise<Omit<TenantWorld, 'stop'>> {
  const folder = mkdtempSync(join(tmpdir(), 'walm-tenant-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const { handle, stop: stopSandbox } = await startSandbox();
  closers.push(stopSandbox);
  const kube = createKubeClient(handle.kubeconfig);
  closers.push(() => kube.close());
  for (const name of [SYSTEM, TENANT, ...HONEST]) await createNamespace(kube, name);
  const repository = await startChartRepository();
  closers.push(() => repository.close());
  repository.add(modest);
  const walm = await startGuardedWalm(
    { kube, ...handle },
    {
      systemNamespace: SYSTEM,
      repositories: [{ name: 'stable', url: repository.url }],
      flags: ['--rollout-deadline-sec=2', '--limits-render-sec=3'],
      readyWithinMs: 120_000,
    },
  );
  closers.push(() => walm.stop());

  const tenant = await makeTenant(kube, TENANT);
  const file = join(folder, 'tenant.kubeconfig');
  writeFileSync(file, tokenKubeconfig(handle.kubeconfig, tenant.token), { mode: 0o600 });
  const own = createKubeClient(file);
  closers.push(() => own.close());
  const canaries = await plantCanaries(kube);
  const honest = await Promise.all(
    HONEST.map(async (namespace) => {
      const owner = await makeTenant(kube, namespace, 'owner');
      return { ...owner, api: createWalmApi(walm.server.url, owner.token) };
    }),
  );
  await installHonest(kube, honest);
  return {
    kube,
    walm,
    tenant: { ...tenant, api: createWalmApi(walm.server.url, tenant.token), kube: own },
    honest,
    targets: [
      { namespace: HONEST[0], release: 'source', secret: 'precious' },
      { namespace: HONEST[1], release: 'taker', secret: 'precious' },
    ],
    canaries,
  };
}

/** A Secret with a canary in every namespace except the tenant's, and one that a release publishes. */
async function plantCanaries(kube: KubeClient): Promise<Canaries> {
  const canaries = new Map<string, string>();
  for (const namespace of [...HONEST, SYSTEM, 'kube-system', 'default']) {
    const value = `canary-of-${namespace}-${crypto.randomUUID()}`;
    canaries.set(`${namespace}/precious`, value);
    const metadata = { name: 'precious' };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password: value } };
    await kube.create(`/api/v1/namespaces/${namespace}/secrets`, secret);
  }
  return canaries;
}

type Honest = TenantWorld['honest'];

/** `source` publishes a word and a password, and `taker` in another namespace uses both. */
async function installHonest(kube: KubeClient, honest: Honest): Promise<void> {
  const [a, b] = honest as [Honest[number], Honest[number]];
  await letTake(kube, b, a.namespace);
  const outputs = { word: 'values:word', password: 'secret:precious.password' };
  const source = { name: 'source', configValues: { word: 'plugh' }, outputs };
  await a.api.mustInstall({ namespace: a.namespace, body: source, archive: modest.bytes });
  const taker = { name: 'taker', dependencies: { source: `${a.namespace}/source` } };
  await b.api.mustInstall({ namespace: b.namespace, body: taker, archive: modest.bytes });
  await eventually(async () => {
    for (const { api, namespace, release } of [
      { ...a, release: 'source' },
      { ...b, release: 'taker' },
    ]) {
      const { body, text } = await api.get(namespace, release);
      if (!body.ready) throw new Error(`${namespace}/${release} is not ready: ${text}`);
    }
  });
}

/** A release that uses outputs needs the right to get the provider. */
async function letTake(kube: KubeClient, taker: Tenant, namespace: string): Promise<void> {
  const base = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const metadata = { name: `take-for-${taker.namespace}` };
  const rules = [{ apiGroups: ['apiextensions.transwarp.io'], resources: ['releaseconfigs'], verbs: ['get'] }];
  await kube.create(`${base}/roles`, { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules });
  await kube.create(`${base}/rolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', namespace: taker.namespace, name: 'owner' }],
  });
}
