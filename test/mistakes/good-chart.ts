import { buildChart, type ChartArchive, type ChartFiles } from '../harness/charts/chart-builder.ts';

/**
 * A chart that uses its values wherever a value can be wrong, and contains every kind of file that a chart can have.
 */
export const GOOD_FILES: ChartFiles = {
  'Chart.yaml': `apiVersion: v2
name: sound
version: 0.1.0
appVersion: "1"
description: A chart without mistakes
keywords: [sound]
maintainers: [{name: someone, email: someone@example.com}]
annotations: {category: tests}
dependencies: [{name: part, version: 0.1.0, condition: part.enabled}]
`,
  'values.yaml': `replicas: 1
image: registry.example/web:1
cpu: 10m
memory: 16Mi
port: 80
note: none
suffix: x
env: {MODE: plain}
labels: {tier: web}
list: [a, b]
extra: {data: {key: value}}
moreEnv: []
hostNetwork: false
resources: {limits: {cpu: 1, memory: 64Mi}}
storage: {accessModes: [ReadWriteOnce], storageClass: standard, size: 1Gi}
part: {enabled: true, size: 1Gi}
`,
  'values.schema.json': `{
  "type": "object",
  "properties": {
    "port": {"type": ["integer", "string", "null"]},
    "list": {"type": "array", "items": {"$ref": "#/definitions/entry"}}
  },
  "definitions": {"entry": {"not": {"type": "object", "required": ["forbidden"]}}}
}
`,
  'templates/_names.tpl': `{{- define "sound.name" -}}
{{ .Release.Name }}-{{ .Values.suffix }}
{{- end -}}
`,
  'templates/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "sound.name" . }}
  labels: {{ toYaml .Values.labels | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: {{ .Release.Name | quote }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name | quote }}}}
    spec:
      containers:
        - name: main
          image: {{ .Values.image }}
          resources: {requests: {cpu: {{ .Values.cpu }}, memory: {{ .Values.memory }}}}
          env:
            {{- range $name, $value := .Values.env }}
            - {name: {{ $name }}, value: {{ $value | quote }}}
            {{- end }}
            {{- with .Values.moreEnv }}{{ toYaml . | nindent 12 }}{{ end }}
      hostNetwork: {{ .Values.hostNetwork }}
`,
  'templates/service.yaml': `apiVersion: v1
kind: Service
metadata: {name: {{ include "sound.name" . }}}
spec: {selector: {app: {{ .Release.Name | quote }}}, ports: [{port: {{ .Values.port }}}]}
`,
  'templates/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ include "sound.name" . }}, annotations: {note: {{ .Values.note | quote }}}}
data:
  note: {{ .Values.note }}
  all: {{ toJson .Values | quote }}
{{- range .Values.list }}
  entry-{{ . }}: present
{{- end }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ include "sound.name" . }}-extra}
{{ toYaml .Values.extra }}
`,
  'templates/hook.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "sound.name" . }}-hook
  annotations: {helm.sh/hook: "pre-upgrade,pre-delete", helm.sh/hook-delete-policy: "before-hook-creation,hook-succeeded,hook-failed"}
data: {note: {{ .Values.note | quote }}}
`,
  'templates/NOTES.txt': 'Thank you for {{ .Chart.Name }}: {{ .Values.note }}\n',
  'charts/part/Chart.yaml': 'apiVersion: v2\nname: part\nversion: 0.1.0\n',
  'charts/part/values.yaml': 'size: 1Gi\n',
  'charts/part/templates/claim.yaml': `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: {{ .Release.Name }}-part}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: {{ .Values.size }}}}}
`,
  'transwarp-meta/metainfo.yaml': `friendlyName: Sound
params:
  - {name: note, mapKey: note, type: string}
roles:
  - name: web
    type: container
    baseConfig:
      image: {mapKey: image, type: string}
      replicas: {mapKey: replicas, type: number}
      env: {mapKey: moreEnv, type: envType}
      useHostNetwork: {mapKey: hostNetwork, type: boolean}
      others: [{name: suffix, mapKey: suffix, type: string}]
    resources:
      requestsMemory: {mapKey: memory}
      requestsCpu: {mapKey: cpu}
      limitsMemory: {mapKey: resources.limits.memory}
      limitsCpu: {mapKey: resources.limits.cpu}
      storageResources: [{name: data, mapKey: storage, type: storagePVCType}]
`,
  '.helmignore': '*.swp\n',
  LICENSE: 'Apache-2.0\n',
  'files/data.txt': 'data\n',
};

/** The chart, packed without changes. */
export const goodChart: ChartArchive = buildChart('sound', GOOD_FILES);
