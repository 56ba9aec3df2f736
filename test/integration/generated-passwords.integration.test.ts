import { X509Certificate } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

/** Server and repository go away in the middle, and no other server may upgrade dependents meanwhile. */
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let kube: KubeClient;
const namespace = 'generated';
let repository: ChartRepository;
let server: WalmServer;
let api: WalmApi;

const workload = (name: string, checksum: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}} # a comment
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata:
      labels: {app: ${name}}
      annotations: {checksum: '{{ include (print $.Template.BasePath "/${checksum}.yaml") . | sha256sum }}'}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
`;

/** Generates at every rendering, and never looks up existing values: one subchart under an alias, one disabled. */
const estate = buildChart(
  'estate',
  {
    'Chart.yaml': stringify({
      apiVersion: 'v2',
      name: 'estate',
      version: '1.0.0',
      dependencies: [
        { name: 'store', version: '1.0.0', alias: 'depot' },
        { name: 'cache', version: '1.0.0', condition: 'cache.enabled' },
      ],
    }),
    'values.yaml': stringify({
      note: 'first',
      login: 'guess me',
      cache: { enabled: false },
      db: { address: 'nowhere' },
    }),
    'templates/_password.tpl': `{{ define "password" -}}
{{ if not (hasKey .Values "made") }}{{ $_ := set .Values "made" (randAlphaNum 16) }}{{ end }}{{ .Values.made }}
{{- end }}`,
    'templates/secret.yaml': `{{ $ca := genCA "estate" 365 }}{{ $cert := genSignedCert "estate" nil (list "web") 365 $ca }}
apiVersion: v1
kind: Secret
metadata: {name: estate}
data:
  password: {{ include "password" . | b64enc }}
  users: {{ htpasswd "ann" .Values.login | b64enc }}
  ca.crt: {{ $ca.Cert | b64enc }}
  tls.crt: {{ $cert.Cert | b64enc }}
  tls.key: {{ $cert.Key | b64enc }}
`,
    'templates/config.yaml': `
apiVersion: v1
kind: ConfigMap
metadata: {name: estate}
data:
  note: {{ .Values.note }} # stays
  url: "pg://ann:{{ include "password" . }}@{{ .Values.db.address }}"
`,
    'templates/web.yaml': workload('web', 'secret'),
    'templates/worker.yaml': workload('worker', 'config'),
    'charts/store/Chart.yaml': stringify({ apiVersion: 'v2', name: 'store', version: '1.0.0' }),
    'charts/store/templates/secret.yaml': `
apiVersion: v1
kind: Secret
metadata: {name: "{{ .Release.Name }}-{{ .Chart.Name }}"}
data: {password: "{{ randAlphaNum 20 | b64enc }}"}
`,
    'charts/store/templates/store.yaml': workload('store', 'secret'),
    'charts/cache/Chart.yaml': stringify({ apiVersion: 'v2', name: 'cache', version: '1.0.0' }),
    'charts/cache/templates/cache.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cache}\n',
  },
  '1.0.0',
);
const provider = buildChart('provider', { 'values.yaml': 'address: one\n' });

beforeAll(async () => {
  sandbox = await startSandbox();
  kube = createKubeClient(sandbox.handle.kubeconfig);
  await createNamespace(kube, namespace);
  repository = await startChartRepository();
  repository.add(estate);
  server = await start();
  api = createWalmApi(server.url);
});
afterAll(async () => {
  await server?.stop();
  await repository?.close();
  kube?.close();
  await sandbox?.stop();
});

function start(after?: WalmServer): Promise<WalmServer> {
  const repositories = [{ name: 'stable', url: repository.url }];
  const { kubeconfig } = sandbox.handle;
  return startWalmServer({ kubeconfig, repositories, ...(after && { after }) });
}

function done(answer: ApiAnswer): ApiAnswer {
  expect([answer.status, answer.text.slice(0, 500)]).toEqual([200, expect.any(String)]);
  return answer;
}

const upgrade = (body: Record<string, unknown>) => api.upgrade({ namespace, body: { name: 'big', ...body } });
const change = async (action: string, query = {}) =>
  done(await api.send('POST', `/api/v1/release/${namespace}/name/big/${action}`, { query }));

/** Objects of the release by name. */
async function owned(path: string) {
  const all = await kube.list(path);
  const release = 'meta.helm.sh/release-name';
  const ours = all.filter(({ metadata }) => metadata.annotations?.[release] === 'big');
  return new Map(ours.map((one) => [one.metadata.name, one['data'] as Record<string, string>]));
}

/**
 * Waits until the release is ready, and returns its objects, the content of its Secrets and ConfigMap, and its pods by
 * app.
 */
async function look() {
  const { version } = await eventually(async () => {
    const { body } = await api.get(namespace, 'big');
    expect(body).toMatchObject({ ready: true });
    return body;
  });
  const path = `/api/v1/namespaces/${namespace}`;
  const secrets = await owned(`${path}/secrets`);
  const configs = await owned(`${path}/configmaps`);
  const workloads = await owned(`/apis/apps/v1/namespaces/${namespace}/deployments`);
  const pods = (await kube.list(`${path}/pods`)).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return {
    version,
    objects: [secrets, configs, workloads].map((objects) => [...objects.keys()].toSorted()),
    secret: secrets.get('estate') ?? {},
    store: secrets.get('big-depot') ?? {},
    config: configs.get('estate') ?? {},
    pods: Object.fromEntries(pods.map(({ metadata }) => [metadata.labels?.['app'] ?? '', metadata.uid ?? ''])),
  };
}
const plain = (text = '') => Buffer.from(text, 'base64').toString();

test('no generated password changes by a pause, a recovery, changed outputs, upgrades and rollbacks', async () => {
  await api.mustInstall({
    namespace,
    body: { name: 'source', outputs: { address: 'values:address' } },
    archive: provider.bytes,
  });
  const body = { name: 'big', repoName: 'stable', chartName: 'estate', dependencies: { db: 'source' } };
  await api.mustInstall({ namespace, body });
  const first = await look();
  const password = plain(first.secret['password']);
  expect(first.config).toEqual({ note: 'first', url: `pg://ann:${password}@one` });
  expect(first.objects).toEqual([['big-depot', 'estate'], ['estate'], ['store', 'web', 'worker']]);
  expect(plain(first.store['password'])).toHaveLength(20);

  await repository.close();
  await server.kill();
  server = await start(server);
  await change('pause');
  await change('recover');
  const recovered = await look();
  expect(recovered).toEqual({ ...first, version: 3, pods: expect.anything() });

  done(await api.upgrade({ namespace, body: { name: 'source', configValues: { address: 'two' } } }));
  // Objects exist before the revision is shown: the test reads them once the revision is shown.
  await eventually(async () => expect((await api.get(namespace, 'big')).body).toMatchObject({ version: 4 }));
  const injected = await look();
  expect(injected.config['url']).toBe(`pg://ann:${password}@two`);
  const worker: unknown = expect.not.stringMatching(recovered.pods['worker'] ?? '');
  const { config } = injected;
  expect(injected).toEqual({ ...recovered, version: 4, config, pods: { ...recovered.pods, worker } });

  const diff = await api.send('POST', `/api/v1/release/${namespace}/dryrun`, {
    query: { diff: true },
    body: JSON.stringify({ name: 'big', configValues: { note: 'second' } }),
    headers: { 'content-type': 'application/json' },
  });
  const { objects } = done(diff).body as { objects: { kind: string; name: string }[] };
  expect(objects.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual([
    'ConfigMap estate',
    'Deployment worker',
    'ReleaseConfig big',
  ]);
  const noted = done(await upgrade({ configValues: { note: 'second' } }));
  expect(noted.text).not.toContain('GENERATED_ANEW');
  const second = await look();
  expect(second).toMatchObject({ objects: first.objects, secret: first.secret, store: first.store });
  expect(second.config).toEqual({ ...injected.config, note: 'second' });
  expect({ ...second.pods, worker: '' }).toEqual({ ...injected.pods, worker: '' });

  done(await upgrade({ configValues: { login: 'guess this' } }));
  const third = await look();
  const users = third.secret['users'];
  expect(users).not.toBe(first.secret['users']);
  expect(third).toMatchObject({ secret: { ...first.secret, users }, store: first.store, config: second.config });
  expect(third.pods['web']).not.toBe(second.pods['web']);
  expect(third.pods['store']).toBe(second.pods['store']);

  expect(third.version).toBe(6);
  await change('rollback', { revision: 1 });
  const back = await look();
  expect(back).toMatchObject({ objects: first.objects, secret: first.secret, store: first.store });
  expect(back.config).toEqual({ note: 'first', url: `pg://ann:${password}@two` });
  const { publicKey } = new X509Certificate(plain(back.secret['ca.crt']));
  expect(new X509Certificate(plain(back.secret['tls.crt'])).verify(publicKey)).toBe(true);
});
