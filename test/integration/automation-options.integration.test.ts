import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type GuardedWalm, startGuardedWalm } from '../harness/trust/guarded-walm.ts';
import { makeTenant, type Tenant } from '../harness/trust/tenant.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, auditLog } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const [bound, unbound, ...systems] = ['options-bound', 'options-unbound', 'options-walm-a', 'options-walm-b'] as const;
const BOT = 'walm-automation';
const map =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {got: {{ .Values | toJson | quote }}}\n';
const archive = buildChart('plain', { 'values.yaml': 'word: one\n', 'templates/x.yaml': map }).bytes;
const people = new Map<string, Tenant>();

beforeAll(async () => {
  for (const name of [bound, unbound, ...systems]) await createNamespace(kube, name);
  for (const namespace of [bound, unbound]) people.set(namespace, await makeTenant(kube, namespace));
  // Only here the service account has the rights that the security guide requires.
  await makeTenant(kube, bound, BOT);
  const metadata = { name: BOT };
  await kube.create(`/api/v1/namespaces/${unbound}/serviceaccounts`, { metadata });
});
afterAll(() => kube.close());

async function withWalm(
  system: string,
  flag: string,
  run: (api: (namespace: string) => WalmApi) => Promise<void>,
): Promise<void> {
  const walm: GuardedWalm = await startGuardedWalm(
    { kube, kubeconfig, auditLog },
    { systemNamespace: system, flags: [flag] },
  );
  try {
    await run((namespace) => createWalmApi(walm.server.url, people.get(namespace)?.token));
  } finally {
    await walm.stop();
  }
}

async function pair(api: WalmApi, namespace: string, name: string): Promise<void> {
  const source = { name: `${name}-source`, outputs: { word: 'values:word' } };
  await api.mustInstall({ namespace, body: source, archive });
  await api.mustInstall({ namespace, body: { name, dependencies: { source: source.name } }, archive });
  const answer = await api.upgrade({ namespace, body: { name: source.name, configValues: { word: 'two' } } });
  expect(answer.status, answer.text).toBe(200);
}

async function newest(api: WalmApi, namespace: string, name: string) {
  const { body } = await api.send('GET', `/api/v1/release/${namespace}/name/${name}/history`);
  return (body as { items: { revision: number; caller: string | null }[] }).items[0];
}

test('automation.serviceAccount: the account of the namespace acts where it may, and is named where it may not', async () => {
  await withWalm(systems[0], `--automation-service-account=${BOT}`, async (as) => {
    await pair(as(bound), bound, 'web');
    await eventually(async () =>
      expect(await newest(as(bound), bound, 'web')).toMatchObject({
        revision: 2,
        caller: `system:serviceaccount:${bound}:${BOT}`,
      }),
    );
    // Its binding outlives the account, and impersonation does not check whether the account exists.
    await kube.remove(`/api/v1/namespaces/${bound}/serviceaccounts/${BOT}`);
    await as(bound).upgrade({ namespace: bound, body: { name: 'web-source', configValues: { word: 'three' } } });
    await eventually(async () => {
      const { body } = await as(bound).get(bound, 'web');
      expect(body.notAllowed?.[0]?.reason).toContain('no longer exists');
    });
    expect((await newest(as(bound), bound, 'web'))?.revision).toBe(2);
    await pair(as(unbound), unbound, 'web');
    await eventually(async () => {
      const { body } = await as(unbound).get(unbound, 'web');
      expect(body.dependencyStatus?.[0]?.state).toBe('NotAllowed');
      const [denial] = body.notAllowed ?? [];
      expect(denial?.reason).toContain(`system:serviceaccount:${unbound}:${BOT}`);
      expect(denial?.reason).toContain('bind it to the ClusterRole walm-edit');
      expect(denial?.missing).toMatchObject({ verb: 'update', namespace: unbound, name: 'web' });
    });
    expect((await newest(as(unbound), unbound, 'web'))?.revision).toBe(1);
  });
});

test('automation.mode off: nothing is done without being asked, and the answer says so', async () => {
  await withWalm(systems[1], '--automation-mode=off', async (as) => {
    await pair(as(bound), bound, 'off');
    await eventually(async () => {
      const { body } = await as(bound).get(bound, 'off');
      expect(body.dependencyStatus?.[0]?.state).toBe('NotAllowed');
      expect(body.notAllowed?.[0]?.reason).toContain('automation.mode is off');
    });
    expect((await newest(as(bound), bound, 'off'))?.revision).toBe(1);
  });
});
