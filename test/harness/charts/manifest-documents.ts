import { parseAllDocuments } from 'yaml';
import type { JsonObject } from '../../../server/domain/json/json.ts';
import { asObject, asString } from '../../../server/domain/json/json-reading.ts';
import type { HookFacts, ManifestDocument } from '../../../server/domain/kube/manifest-document.ts';

const NAMESPACE = 'shop';

/** The document of an object, as the engine shows it. */
export function manifestDocument(object: JsonObject, index = 0, hook?: HookFacts): ManifestDocument {
  const metadata = asObject(object['metadata']);
  return {
    index,
    source: 'web/templates/all.yaml',
    apiVersion: asString(object['apiVersion']),
    kind: asString(object['kind']),
    namespace: asString(metadata['namespace']) || NAMESPACE,
    name: asString(metadata['name']),
    ...(hook !== undefined && { hook }),
    object,
  };
}

/** The documents of a YAML stream, in its order; everything in namespace `shop`. */
export function manifestDocuments(yaml: string): ManifestDocument[] {
  return parseAllDocuments(yaml).map((document, index) => manifestDocument(document.toJS() as JsonObject, index));
}

/** A shop as charts write one: a workload of each kind, a Service, a ConfigMap, a role and a hook. */
export function shopDocuments(): ManifestDocument[] {
  const objects = manifestDocuments(SHOP);
  const hook = manifestDocument(
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'migrate', annotations: { 'helm.sh/hook': 'pre-install' } },
      spec: {
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'migrate', image: 'shop/migrate:1' }] } },
      },
    },
    objects.length,
    { events: ['pre-install'], weight: 0, deletePolicies: [] },
  );
  return [...objects, hook];
}

const SHOP = `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { level: info }
---
apiVersion: v1
kind: Service
metadata: { name: web, labels: { app: web } }
spec:
  selector: { app: web }
  ports: [{ name: http, port: 80, targetPort: 8080 }, { name: admin, port: 81 }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader }
rules: []
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      initContainers: [{ name: init, image: 'quay.io/shop/init:1' }]
      containers:
        - name: web
          image: nginx:1.27
          env: [{ name: A, value: '1' }, { name: B, value: '2' }]
          ports: [{ containerPort: 8080 }]
          securityContext: { runAsNonRoot: true, runAsUser: 1000, allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
        - { name: sidecar, image: 'docker.io/shop/sidecar@sha256:aaaa' }
      volumes: [{ name: cache, emptyDir: {} }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db }, annotations: { note: x } }
    spec: { containers: [{ name: db, image: 'localhost:5000/db:2' }] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [{ name: agent, image: agent }] }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
spec:
  schedule: '0 3 * * *'
  jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: job, image: 'shop/job:3' }] } } } }
---
apiVersion: v1
kind: Pod
metadata: { name: lone }
spec:
  containers: [{ name: lone, image: lone }]
  ephemeralContainers: [{ name: debug, image: 'shop/debug' }]
`;
