import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { freezeDeployment } from '../harness/clients/frozen-deployment.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { chartForm, createWalmApi, problemOf, type ReleaseOrder } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'foretold';
const core = `/api/v1/namespaces/${namespace}`;
const archive = buildChart('foretold', {
  'values.yaml': 'replicas: 1\nnote: mine\nservice: false\n',
  'templates/all.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec: {containers: [{name: web, image: "nginx:1", resources: {requests: {cpu: 10m}}}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data: {note: "{{ .Values.note }}"}
{{ if .Values.service }}
---
apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}"}
spec: {ports: [{port: 80}]}
{{ end }}
`,
}).bytes;

beforeAll(async () => {
  await createNamespace(kube, namespace);
  await api.mustInstall({ namespace, body: { name: 'web' }, archive });
});
afterAll(() => kube.close());

/** The answers to the dry run of a change and to the change itself: status, code, and the object concerned. */
async function bothAnswers(order: ReleaseOrder, change: 'install' | 'upgrade') {
  const { createNamespace: creates } = order.query ?? {};
  const answers = [
    await api.dryRun({ ...order, query: creates === undefined ? {} : { createNamespace: creates } }),
    await api[change](order),
  ];
  return answers.map((answer) => {
    if (answer.status < 400) {
      return { status: answer.status };
    }
    const { code, details } = problemOf(answer);
    const { kind, name } = (details['object'] ?? {}) as Record<string, string>;
    return { status: answer.status, code, kind, name };
  });
}

describe('a dry run foretells', () => {
  const upgrade = (configValues: Record<string, unknown>) =>
    bothAnswers({ namespace, body: { name: 'web', configValues } }, 'upgrade');

  test('what an admission policy refuses', async () => {
    const thaw = await freezeDeployment(kube, namespace, 'web');
    const [foretold, came] = await upgrade({ replicas: 2 });
    expect(foretold).toEqual({ status: 422, code: 'ADMISSION_REFUSED', kind: 'Deployment', name: 'web' });
    expect(came).toEqual(foretold);
    await thaw();
  });

  test('a conflict with another manager', async () => {
    const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { note: 'theirs' } };
    const path = `${core}/configmaps/web?fieldManager=someone&force=true`;
    await kube.call('PATCH', path, theirs, 'application/apply-patch+yaml');
    const [foretold, came] = await upgrade({ note: 'other' });
    expect(foretold).toEqual({ status: 409, code: 'FIELD_CONFLICT', kind: 'ConfigMap', name: 'web' });
    expect(came).toEqual(foretold);
  });

  test('what there is no quota for, and what others own', async () => {
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'tight' } };
    await kube.create(`${core}/resourcequotas`, { ...quota, spec: { hard: { 'count/services': '0' } } });
    await eventually(async () =>
      expect((await kube.find(`${core}/resourcequotas/tight`))?.['status']).toHaveProperty('hard'),
    );
    const [foretold, came] = await upgrade({ service: true });
    expect(foretold).toEqual({ status: 422, code: 'QUOTA_EXCEEDED', kind: 'Service', name: 'web' });
    expect(came).toEqual(foretold);
    await kube.remove(`${core}/resourcequotas/tight`);

    await kube.create(`${core}/configmaps`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'taken' } });
    const [first, then] = await bothAnswers({ namespace, body: { name: 'taken' }, archive }, 'install');
    expect(first).toEqual({ status: 409, code: 'RESOURCE_EXISTS', kind: 'ConfigMap', name: 'taken' });
    expect(then).toEqual(first);
  });

  test('values, and a ReleaseConfig, that no cluster keeps', async () => {
    const values = { namespace, body: { name: 'web', configValues: { big: 'x'.repeat(1_700_000) } } };
    const refused = { status: 413, code: 'RELEASE_TOO_LARGE' };
    expect(await bothAnswers(values, 'upgrade')).toEqual([refused, refused]);
    // Values that the record holds merged with those of a dependency stand in the ReleaseConfig as well.
    await api.mustInstall({ namespace, body: { name: 'publisher', outputs: { note: 'values:note' } }, archive });
    const own = { big: 'x'.repeat(1_572_800) };
    const dependencies = { publisher: 'publisher' };
    const config = { namespace, body: { name: 'web', configValues: own, dependencies } };
    const tooLarge = { ...refused, kind: 'ReleaseConfig', name: 'web' };
    expect(await bothAnswers(config, 'upgrade')).toEqual([tooLarge, tooLarge]);
  });

  test('a namespace that is not there, and one that is to be made', async () => {
    const order = { namespace: 'foretold-new', body: { name: 'web' }, archive };
    const missing = { status: 404, code: 'NAMESPACE_NOT_FOUND', kind: 'Namespace', name: 'foretold-new' };
    expect(await bothAnswers(order, 'install')).toEqual([missing, missing]);
    const totals = await api.send('POST', '/api/v1/release/foretold-new/dryrun/withchart/resources', {
      query: { createNamespace: true },
      body: chartForm(order.body, archive),
    });
    expect([totals.status, totals.text], totals.text).toEqual([200, expect.stringContaining('"cpu"')]);
    const answers = await bothAnswers({ ...order, query: { createNamespace: true } }, 'install');
    expect(answers).toMatchObject([{ status: 200 }, { status: 200 }]);
  });

  test('a namespace that is being deleted, and changes nothing in it', async () => {
    const ending = await createNamespace(kube, 'foretold-ending');
    const held = `/api/v1/namespaces/${ending}/configmaps`;
    const metadata = { name: 'held', finalizers: ['walm.example/held'] };
    await kube.create(held, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    await kube.remove(`/api/v1/namespaces/${ending}`);
    for (const query of [{}, { createNamespace: true }]) {
      const answers = await bothAnswers({ namespace: ending, body: { name: 'web' }, archive, query }, 'install');
      const refused = { status: 409, code: 'NAMESPACE_TERMINATING', kind: 'Namespace', name: ending };
      expect(answers).toEqual([refused, refused]);
    }
    const free = { metadata: { finalizers: null } };
    await kube.call('PATCH', `${held}/held`, free, 'application/merge-patch+json');
  });
});
