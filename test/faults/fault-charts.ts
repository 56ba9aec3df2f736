import { buildChart } from '../harness/charts/chart-builder.ts';

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: 2
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata:
      labels: {app: "{{ .Release.Name }}"}
      annotations:
        value: "{{ .Values.value }}"
        {{ with .Values.behaviour }}sandbox.walm.io/behaviour: {{ . }}{{ end }}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
---`;
const statefulSet = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: "{{ .Release.Name }}-data"}
spec:
  replicas: 1
  serviceName: data
  selector: {matchLabels: {app: "{{ .Release.Name }}-data"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}-data"}}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
  volumeClaimTemplates:
    - metadata: {name: disk}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---`;
const hooks = `
{{- range $event := list "pre-install" "post-install" "pre-upgrade" "pre-delete" "pre-rollback" "test" }}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ $.Release.Name }}-{{ $event }}
  annotations:
    helm.sh/hook: {{ $event }}
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  backoffLimit: 0
  template:
    {{- if eq $event $.Values.failing }}
    metadata: {annotations: {sandbox.walm.io/behaviour: fail}}
    {{- else if eq $event $.Values.slow }}
    metadata: {annotations: {sandbox.walm.io/complete-after: 4s}}
    {{- end }}
    spec: {restartPolicy: Never, containers: [{name: step, image: registry.example/step:1}]}
{{- end }}
`;
const settings = `
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data: {value: {{ .Values.value | quote }}, got: {{ .Values.db | default dict | toJson | quote }}}
---`;

/** A chart with everything that a change can leave half-done: workloads, claims, and hooks that take time. */
export const everything = buildChart('everything', {
  'values.yaml': 'value: one\nfailing: ""\nslow: ""\nbehaviour: ""\n',
  'templates/all.yaml': settings + deployment + statefulSet + hooks,
});

/** The same in a later version. */
export const everythingLater = buildChart(
  'everything',
  {
    'values.yaml': 'value: later\nfailing: ""\nslow: ""\nbehaviour: ""\n',
    'templates/all.yaml': settings + deployment + statefulSet + hooks,
  },
  '0.2.0',
);

/** A ConfigMap and nothing else. */
export const small = buildChart('small', { 'values.yaml': 'value: one\n', 'templates/all.yaml': settings });
