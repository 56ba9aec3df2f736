import { afterAll, beforeAll, inject } from 'vitest';
import { buildChart } from '../../../test/harness/charts/chart-builder.ts';
import { createRecordEditor } from '../../../test/harness/clients/helm-record.ts';
import { createKubeClient, type KubeClient } from '../../../test/harness/clients/kube-client.ts';
import { startTestEngine, type TestEngine } from '../../../test/harness/programs/test-engine.ts';
import { helmConformance } from '../../ports/helm/helm-engine.conformance.ts';
import { createRecordSeals } from '../../services/trust/record-seals.ts';
import { createSealRing } from '../../services/trust/seal-ring.ts';
import { createKubeApi } from '../kube/client/kube-api.ts';
import { installReleaseConfigCrd } from '../kube/storage/release-config-crd.ts';
import { systemClock } from '../system/system-clock.ts';

const NAMESPACE = 'helm-conformance';
const configMap = (suffix: string, metadata: string, data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}-${suffix}", ${metadata}}\ndata: {text: "${data}"}\n`;
const hook = (weight: number) => `annotations: {helm.sh/hook: test, helm.sh/hook-weight: "${weight}"}`;
const web = buildChart(
  'web',
  {
    'templates/data.yaml': configMap('data', 'labels: {}', 'x'),
    'templates/kept.yaml': configMap('kept', 'annotations: {helm.sh/resource-policy: keep}', 'x'),
    'templates/tests.yaml': [configMap('late', hook(2), 'x'), configMap('early', hook(1), 'x')].join('---\n'),
    'templates/web.yaml': [
      'apiVersion: apps/v1',
      'kind: Deployment',
      'metadata: {name: "{{ .Release.Name }}"}',
      'spec:',
      '  replicas: {{ .Values.replicas }}',
      '  selector: {matchLabels: {app: "{{ .Release.Name }}"}}',
      '  template:',
      '    metadata: {labels: {app: "{{ .Release.Name }}"}}',
      '    spec: {containers: [{name: web, image: example.com/web:1}]}',
    ].join('\n'),
  },
  '1.2.3',
);

let started: TestEngine;
let client: KubeClient;
let releases = 0;

beforeAll(async () => {
  const { kubeconfig } = inject('sandbox');
  const ring = createSealRing({
    keys: { read: () => Promise.resolve(new Map([['k1', new Uint8Array(32).fill(1)]])) },
    clock: systemClock,
    onError: () => undefined,
  });
  const namespaces = { uidOf: () => Promise.resolve('the-only-one') };
  started = startTestEngine(kubeconfig, { seals: createRecordSeals({ ring, namespaces, clock: systemClock }) });
  client = createKubeClient(kubeconfig);
  const kube = createKubeApi({ kubeconfig });
  await installReleaseConfigCrd({ kube, clock: systemClock }, new AbortController().signal);
  kube.close();
  await client.create('/api/v1/namespaces', { metadata: { name: NAMESPACE } });
});
afterAll(async () => {
  await started.stop();
  await client.remove(`/api/v1/namespaces/${NAMESPACE}`);
  client.close();
});

helmConformance('the engine', () => ({
  helm: started.engine,
  web: started.add(web),
  target() {
    releases += 1;
    return { identity: null, namespace: NAMESPACE, name: `release-${releases}` };
  },
  async leave({ namespace, name }, revision, status) {
    const records = createRecordEditor(client);
    const payload = records.payloadOf(await records.read(namespace, name, revision));
    const info = { ...(payload['info'] as object), status };
    await records.write(namespace, name, revision, { ...payload, info }, status);
  },
}));
