import { describe, expect, test } from 'vitest';
import { manifestDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { afterPlugin, refusalOf } from '../../../test/harness/charts/plugin-runs.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { sortedJson } from '../json/sorted-json.ts';

const documents = manifestDocuments(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web } }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      serviceAccountName: web
      securityContext: { runAsNonRoot: true, runAsUser: 1001, seccompProfile: { type: RuntimeDefault } }
      initContainers: [{ name: first, image: a, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } } }]
      containers:
        - name: web
          image: web:1
          args: [serve]
          env: [{ name: LEVEL, value: info }, { name: PASSWORD, valueFrom: { secretKeyRef: { name: web, key: p } } }]
          ports: [{ containerPort: 80, name: http }]
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          volumeMounts: [{ name: tmp, mountPath: /tmp }, { name: secret, mountPath: /secret, readOnly: true }]
      volumes: [{ name: tmp, emptyDir: {} }, { name: secret, secret: { secretName: web } }, { name: node, hostPath: { path: /var/log } }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: db, securityContext: { runAsUser: 1500 } }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: fast, resources: { requests: { storage: 1Gi } } } }]
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: job, image: job }] } } } } }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { rules: [{ host: web.test, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }], tls: [{ secretName: web-tls, hosts: [web.test] }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { level: info }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: lone }
spec: { containers: [{ name: lone, image: lone }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec: { minReplicas: 1, maxReplicas: 3, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web } }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { minAvailable: 1, selector: { matchLabels: { app: web } } }
---
{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: web }, spec: { podSelector: {}, policyTypes: [Ingress] } }
---
{ apiVersion: v1, kind: ServiceAccount, metadata: { name: web } }
---
{ apiVersion: v1, kind: Secret, metadata: { name: web }, stringData: { p: x } }
---
{ apiVersion: v1, kind: Namespace, metadata: { name: own, labels: { pod-security.kubernetes.io/enforce: restricted } } }
---
{ apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: { name: web }, rules: [] }
---
{ apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: { name: web }, subjects: [] }
---
{ apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: { name: web }, webhooks: [] }
---
{ apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: { name: a.example.com }, spec: {} }
---
{ apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: { name: v1.example.com }, spec: {} }
---
{ apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: { name: fast }, provisioner: x }
---
{ apiVersion: v1, kind: PersistentVolume, metadata: { name: local }, spec: {} }
---
{ apiVersion: v1, kind: ResourceQuota, metadata: { name: q }, spec: { hard: { pods: '1' } } }
---
{ apiVersion: apiextensions.transwarp.io/v1beta1, kind: ReleaseConfig, metadata: { name: shop }, spec: {} }
---
{ apiVersion: other.example.com/v1, kind: Deployment, metadata: { name: odd }, spec: { replicas: 1 } }
`);

type Case = [name: string, kind: string, object: string, type: string, patch: JsonValue];
const web = (name: string, patch: JsonValue, type = 'strategic'): Case => [name, 'Deployment', 'web', type, patch];
const pod = (name: string, spec: JsonValue, type = 'strategic') => web(name, { spec: { template: { spec } } }, type);
const box = (name: string, fields: JsonObject) => pod(name, { containers: [{ name: 'web', ...fields }] });
const secure = (name: string, securityContext: JsonValue) => box(name, { securityContext });
const volume = (name: string, source: JsonObject) => pod(name, { volumes: [{ name: 'extra', ...source }] });
const ops = (name: string, ...patch: JsonObject[]) => web(name, patch, 'json');
const of = (name: string, kind: string, object: string, patch: JsonValue): Case => [name, kind, object, 'merge', patch];
const note = (annotations: JsonObject) => ({ spec: { template: { metadata: { annotations } } } });
const POD = '/spec/template/spec';

const dangerous: Case[] = [
  secure('privileged', { privileged: true }),
  secure('privilege escalation', { allowPrivilegeEscalation: true }),
  secure('privilege escalation by default', { allowPrivilegeEscalation: null }),
  secure('no context at all', null),
  secure('a capability', { capabilities: { add: ['NET_ADMIN'] } }),
  secure('capabilities no longer dropped', { capabilities: { drop: [] } }),
  secure('root', { runAsUser: 0 }),
  secure('root allowed', { runAsNonRoot: false }),
  secure('a group', { runAsGroup: 100 }),
  secure('proc unmasked', { procMount: 'Unmasked' }),
  secure('no seccomp profile', { seccompProfile: { type: 'Unconfined' } }),
  secure('a profile of the node', { seccompProfile: { type: 'Localhost', localhostProfile: 'x' } }),
  secure('SELinux', { seLinuxOptions: { type: 'spc_t' } }),
  secure('a host process', { windowsOptions: { hostProcess: true } }),
  pod('AppArmor', { securityContext: { appArmorProfile: { type: 'Unconfined' } } }),
  pod('groups of the volumes', { securityContext: { fsGroup: 0 } }),
  pod('more groups', { securityContext: { supplementalGroups: [0, 6] } }),
  pod('a sysctl', { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }),
  pod('the network of the node', { hostNetwork: true }),
  pod('the processes of the node', { hostPID: true }),
  pod('the IPC of the node', { hostIPC: true }),
  pod('the users of the node', { hostUsers: true }),
  pod('one process namespace', { shareProcessNamespace: true }),
  pod('another service account', { serviceAccountName: 'admin' }),
  pod('another service account, by its old name', { serviceAccount: 'admin' }),
  pod('the token of the account', { automountServiceAccountToken: true }),
  pod('a runtime class', { runtimeClassName: 'runc-privileged' }),
  pod('a priority', { priorityClassName: 'system-node-critical' }),
  pod('a node', { nodeName: 'control-plane' }),
  pod('a scheduler', { schedulerName: 'mine' }),
  pod('names of hosts', { hostAliases: [{ ip: '10.0.0.1', hostnames: ['kubernetes.default'] }] }),
  pod('name servers', { dnsConfig: { nameservers: ['10.0.0.1'] } }),
  pod('secrets of registries', { imagePullSecrets: [{ name: 'theirs' }] }),
  pod('an ephemeral container', { ephemeralContainers: [{ name: 'x', image: 'x' }] }),
  pod('claims of devices', { resourceClaims: [{ name: 'gpu', resourceClaimName: 'theirs' }] }),
  volume('a path of the node', { hostPath: { path: '/' } }),
  volume('a projected token', { projected: { sources: [{ serviceAccountToken: { path: 't', audience: 'vault' } }] } }),
  volume('a CSI volume', { csi: { driver: 'secrets-store.csi.k8s.io' } }),
  volume('a secret', { secret: { secretName: 'theirs' } }),
  volume('a ConfigMap', { configMap: { name: 'theirs' } }),
  volume('a claim', { persistentVolumeClaim: { claimName: 'theirs' } }),
  volume('NFS', { nfs: { server: 'x', path: '/' } }),
  volume('a local disk', { local: { path: '/dev/sda' } }),
  volume('an image', { image: { reference: 'x' } }),
  volume('an ephemeral claim', { ephemeral: { volumeClaimTemplate: { spec: {} } } }),
  ops('a volume that becomes another', {
    op: 'replace',
    path: `${POD}/volumes/0`,
    value: { name: 'tmp', hostPath: { path: '/' } },
  }),
  ops('a path of the node under another name', { op: 'replace', path: `${POD}/volumes/2/name`, value: 'tmp2' }),
  box('a mount of a path of the node', { volumeMounts: [{ name: 'node', mountPath: '/node' }] }),
  box('a mount that can be written', { volumeMounts: [{ name: 'secret', mountPath: '/secret', readOnly: false }] }),
  box('a part of a volume', { volumeMounts: [{ name: 'tmp', mountPath: '/tmp', subPath: '../..' }] }),
  box('mounts that spread', { volumeMounts: [{ name: 'tmp', mountPath: '/tmp', mountPropagation: 'Bidirectional' }] }),
  box('a block device', { volumeDevices: [{ name: 'node', devicePath: '/dev/sda' }] }),
  box('a port of the node', { ports: [{ containerPort: 80, hostPort: 80 }] }),
  box('a device', { resources: { limits: { 'smarter-devices/fuse': '1' } } }),
  box('a secret in the environment', {
    env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'theirs', key: 'k' } } }],
  }),
  box('another secret in the environment', {
    env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'theirs', key: 'p' } } }],
  }),
  box('all of a secret in the environment', { envFrom: [{ secretRef: { name: 'theirs' } }] }),
  box('a probe of another host', { livenessProbe: { httpGet: { host: '169.254.169.254', path: '/', port: 80 } } }),
  box('a probe of another socket', { readinessProbe: { tcpSocket: { host: '10.0.0.1', port: 22 } } }),
  box('a hook that calls another host', { lifecycle: { preStop: { httpGet: { host: '10.0.0.1', port: 80 } } } }),
  pod('a container that may more', { containers: [{ name: 'extra', image: 'x' }] }),
  pod('an init container that may more', {
    initContainers: [{ name: 'extra', image: 'x', securityContext: { privileged: true } }],
  }),
  pod('a container less', { containers: [{ name: 'web', $patch: 'delete' }] }),
  pod('another pod', { $patch: 'replace', containers: [{ name: 'web', image: 'x' }] }),
  ops('a container under another name', { op: 'replace', path: `${POD}/containers/0/name`, value: 'other' }),
  ops('a pod by copy', { op: 'copy', from: `${POD}/volumes/2`, path: `${POD}/volumes/-` }),
  ops('a context moved away', { op: 'move', from: `${POD}/containers/0/securityContext`, path: `${POD}/x` }),
  ops('the whole object', {
    op: 'replace',
    path: '',
    value: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } },
  }),
  ops('containers that are not a list', { op: 'replace', path: `${POD}/containers`, value: { web: {} } }),
  ops('an unknown field', { op: 'add', path: '/spec/unheard', value: {} }),
  ops('a field of the prototype', { op: 'add', path: '/metadata/__proto__', value: { name: 'x' } }),
  web('pods that others select', { spec: { selector: { matchLabels: { app: 'x' } } } }, 'merge'),
  web('another namespace', { metadata: { namespace: 'kube-system' } }, 'merge'),
  web('an owner', { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'y' }] } }, 'merge'),
  web('a finalizer', { metadata: { finalizers: ['x/y'] } }, 'merge'),
  web('no AppArmor', note({ 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' }), 'merge'),
  web('a network', note({ 'k8s.v1.cni.cncf.io/networks': 'host' }), 'merge'),
  web('an identity of the cloud', note({ 'iam.amazonaws.com/role': 'admin' }), 'merge'),
  web('injected secrets', note({ 'vault.hashicorp.com/agent-inject-secret-x': 'kv/x' }), 'merge'),
  web(
    'an identity by a plain label',
    { spec: { template: { metadata: { labels: { aadpodidbinding: 'x' } } } } },
    'merge',
  ),
  web("Helm's owner", { metadata: { annotations: { 'meta.helm.sh/release-name': 'x' } } }, 'merge'),
  web("Helm's policy", { metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } } }, 'merge'),
  web('a hook', { metadata: { annotations: { 'helm.sh/hook': 'pre-delete' } } }, 'merge'),
  web("Walm's own annotation", { metadata: { annotations: { 'walm.io/seal': 'x' } } }, 'merge'),
  web('who manages it', { metadata: { labels: { 'app.kubernetes.io/managed-by': 'me' } } }, 'merge'),
  of("Helm's record", 'ConfigMap', 'settings', { metadata: { labels: { owner: 'helm' } } }),
  of('the user of data that stays', 'StatefulSet', 'db', [] as JsonValue),
  [
    'another user of data that stays',
    'StatefulSet',
    'db',
    'strategic',
    { spec: { template: { spec: { containers: [{ name: 'db', securityContext: { runAsUser: 2000 } }] } } } },
  ],
  of('another storage class', 'StatefulSet', 'db', {
    spec: {
      volumeClaimTemplates: [
        { metadata: { name: 'data' }, spec: { storageClassName: 'host', resources: { requests: { storage: '1Gi' } } } },
      ],
    },
  }),
  of('a privileged nightly job', 'CronJob', 'nightly', {
    spec: { jobTemplate: { spec: { template: { spec: { hostPID: true } } } } },
  }),
  of('a Service of all addresses', 'Service', 'web', { spec: { externalIPs: ['8.8.8.8'] } }),
  of('a Service of the nodes', 'Service', 'web', { spec: { type: 'NodePort' } }),
  of('a Service of another name', 'Service', 'web', { spec: { type: 'ExternalName', externalName: 'x' } }),
  of('a Service of other pods', 'Service', 'web', { spec: { selector: { app: 'theirs' } } }),
  of('a snippet of a proxy', 'Ingress', 'web', {
    metadata: { annotations: { 'nginx.ingress.kubernetes.io/configuration-snippet': 'x' } },
  }),
  of('a snippet in a harmless annotation', 'Ingress', 'web', {
    metadata: { annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '1m; lua x' } },
  }),
  of('the certificate of others', 'Ingress', 'web', { spec: { tls: [{ secretName: 'theirs', hosts: ['web.test'] }] } }),
  of('another target', 'HorizontalPodAutoscaler', 'web', { spec: { scaleTargetRef: { name: 'theirs' } } }),
  of('another budget', 'PodDisruptionBudget', 'web', { spec: { selector: { matchLabels: { app: 'theirs' } } } }),
  of('a claim of a volume', 'PersistentVolumeClaim', 'data', { spec: { volumeName: 'theirs' } }),
  of('a Pod of the node', 'Pod', 'lone', { spec: { hostNetwork: true } }),
  ...[
    'NetworkPolicy web',
    'ServiceAccount web',
    'Secret web',
    'Namespace own',
    'Role web',
    'ClusterRoleBinding web',
    'ValidatingWebhookConfiguration web',
    'CustomResourceDefinition a.example.com',
    'APIService v1.example.com',
    'StorageClass fast',
    'PersistentVolume local',
    'ResourceQuota q',
    'ReleaseConfig shop',
    'Deployment odd',
  ].map((each): Case => {
    const [kind = '', name = ''] = each.split(' ');
    return of(`anything of a ${kind} ${name}`, kind, name, { metadata: { labels: { a: 'b' } } });
  }),
];

const harmless: Case[] = [
  web('replicas', { spec: { replicas: 3 } }, 'merge'),
  web(
    'a rollout',
    { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } }, minReadySeconds: 5 } },
    'merge',
  ),
  web('revisions', { spec: { revisionHistoryLimit: 2, progressDeadlineSeconds: 60 } }, 'merge'),
  web('labels', { metadata: { labels: { team: 'shop', app: 'web2', 'app.kubernetes.io/part-of': 'shop' } } }, 'merge'),
  web('a label less', { metadata: { labels: { app: null } } }, 'merge'),
  web('annotations of pods', note({ 'prometheus.io/scrape': 'true', note: 'x', 'example.com/contact': 'x' }), 'merge'),
  web('annotations of a declared domain', note({ 'ops.team.test/contact': 'x' }), 'merge'),
  web('a restart', note({ 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' }), 'merge'),
  box('an image', { image: 'web:2', imagePullPolicy: 'Always' }),
  box('the environment', {
    env: [
      { name: 'LEVEL', value: 'debug' },
      { name: 'MORE', value: '1' },
    ],
  }),
  box('a variable less', { env: [{ name: 'LEVEL', $patch: 'delete' }] }),
  box('a variable of the pod itself', {
    env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
  }),
  box('command and arguments', { command: ['/web'], args: ['serve', '--fast'], workingDir: '/srv' }),
  box('amounts', { resources: { limits: { cpu: 1, memory: '1Gi' }, requests: { cpu: '100m' } } }),
  box('a port', { ports: [{ containerPort: 9090, name: 'metrics' }] }),
  box('probes', {
    livenessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 5 },
    readinessProbe: { exec: { command: ['true'] } },
  }),
  box('a hook of the container', { lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } } }),
  secure('a root file system that cannot be written', { readOnlyRootFilesystem: true }),
  secure('a stricter context', { runAsNonRoot: true, privileged: false, seccompProfile: { type: 'RuntimeDefault' } }),
  pod('no token', { automountServiceAccountToken: false }),
  pod('where pods run', { nodeSelector: { disk: 'ssd' }, tolerations: [{ key: 'a', operator: 'Exists' }] }),
  pod('how pods spread', {
    affinity: { podAntiAffinity: {} },
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone' }],
  }),
  pod('time to end', { terminationGracePeriodSeconds: 60, enableServiceLinks: false }),
  pod('a folder of its own', {
    volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '1Gi' } }],
    containers: [{ name: 'web', volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] }],
  }),
  pod('a container as strict as others', {
    containers: [
      {
        name: 'extra',
        image: 'x',
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  }),
  ops(
    'by position',
    { op: 'test', path: '/spec/replicas', value: 2 },
    { op: 'replace', path: `${POD}/containers/0/image`, value: 'x' },
  ),
  ops('by copy', { op: 'copy', from: '/metadata/labels/app', path: '/metadata/labels/copy' }),
  ops(
    'the whole object, alike',
    { op: 'replace', path: '/spec/replicas', value: 7 },
    { op: 'add', path: '/metadata/annotations', value: { a: 'b' } },
  ),
  of('data', 'ConfigMap', 'settings', { data: { level: 'debug', more: 'x' } }),
  of('a schedule', 'CronJob', 'nightly', {
    spec: { schedule: '0 4 * * *', suspend: true, jobTemplate: { spec: { backoffLimit: 1 } } },
  }),
  [
    'an image at night',
    'CronJob',
    'nightly',
    'strategic',
    { spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'job', image: 'job:2' }] } } } } } },
  ],
  [
    'a port of a Service',
    'Service',
    'web',
    'strategic',
    { spec: { ports: [{ port: 81, name: 'more', targetPort: 'http' }], sessionAffinity: 'ClientIP' } },
  ],
  of('a host', 'Ingress', 'web', {
    spec: { ingressClassName: 'nginx', tls: [{ secretName: 'web-tls', hosts: ['shop.test'] }] },
    metadata: { annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '8m' } },
  }),
  of('bounds of scaling', 'HorizontalPodAutoscaler', 'web', { spec: { minReplicas: 2, maxReplicas: 9 } }),
  of('a budget', 'PodDisruptionBudget', 'web', { spec: { minAvailable: '50%' } }),
  of('a larger claim', 'PersistentVolumeClaim', 'data', { spec: { resources: { requests: { storage: '2Gi' } } } }),
  [
    'larger claims',
    'StatefulSet',
    'db',
    'json',
    [{ op: 'replace', path: '/spec/volumeClaimTemplates/0/spec/resources/requests/storage', value: '2Gi' }],
  ],
  ['an image of a Pod', 'Pod', 'lone', 'json', [{ op: 'replace', path: '/spec/containers/0/image', value: 'x' }]],
];

const args = ([, kind, name, type, patch]: Case): JsonObject => {
  const apiVersion = name === 'odd' ? 'other.example.com/v1' : undefined;
  return { patches: [{ target: { kind, name, ...(apiVersion !== undefined && { apiVersion }) }, type, patch }] };
};

describe('patches', () => {
  test('are tried in numbers', () => {
    expect([dangerous.length >= 40, harmless.length >= 25]).toEqual([true, true]);
  });

  test.each(dangerous)('are refused: %s', (...each) => {
    const error = refusalOf(documents, 'CustomPatch', args(each));
    expect([error.code, error.status]).toEqual(['PLUGIN_REFUSED', 422]);
    expect(error.message).toContain(`${each[1]} ${each[2]}`);
    expect(error.message).toMatch(/allowed:|patches are for|an object|may do no more|too much work/);
  });

  test.each(harmless)('are carried out: %s', (...each) => {
    const after = afterPlugin(documents, 'CustomPatch', args(each));
    expect(after.filter(({ object }, at) => sortedJson(object) !== sortedJson(documents[at]!.object))).toHaveLength(1);
  });
});
