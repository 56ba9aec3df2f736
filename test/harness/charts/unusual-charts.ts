import { stringify } from 'yaml';

import { buildChart, type ChartArchive, type ChartFiles } from './chart-builder.ts';

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

/**
 * A chart as editors on Windows leave it, with everything unusual that YAML allows: byte order marks, CRLF line ends,
 * anchors, documents without content, lists of objects, long lines, binary data.
 */
export function odditiesChart(): ChartArchive {
  return buildChart(
    'oddities',
    {
      'Chart.yaml': `\uFEFF${crlf('apiVersion: v2\nname: oddities\nversion: 1.0.0+build.7\ndescription: "ünïcödé ✓"\n')}`,
      'values.yaml': crlf(`base: &base {first: 1, second: yes}
derived: {<<: *base, mode: 0644}
beyond: 9007199254740993
small: 1e-7
nothing: null
text: "naïve 日本 😀"
long: "${'x'.repeat(20_000)}"
date: 2024-01-02
time: 12:34:56
`),
      'files/blob.bin': Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256)),
      'templates/_tools.tpl': '{{- define "oddities.text" -}}{{ tpl "{{ .Values.text }}" . }}{{- end -}}\n',
      'templates/windows.yaml': crlf(
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: windows}\ndata:\n  lines: |\n    one\n    two\n---\n' +
          'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: windows-two}\ndata: {key: "a\\r\\nb"}\n',
      ),
      'templates/documents.yaml': DOCUMENTS,
      'templates/deep/er/nested.yml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: nested}\ndata: {path: "{{ .Template.Name }}"}\n',
      'templates/object.json': '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "json-\\u0061"}}\n',
      'templates/NOTES.txt': crlf('Ünï {{ .Values.text }}\n\n  two lines\n'),
      '.helmignore': '*.bak\n',
    },
    '1.0.0+build.7',
  );
}

const DOCUMENTS = `# only a comment
---
---

--- # with a comment
apiVersion: v1
kind: ConfigMap
metadata:
  name: anchors
  labels: &labels {app: oddities, "on": "yes"}
  annotations:
    <<: *labels
    more: "1"
data:
  block: |+
    a
    ---
    b

  folded: >-
    a
    b
  text: {{ include "oddities.text" . | quote }}
  long: {{ .Values.long }}
  "true": "y"
  derived: {{ .Values.derived | toJson | quote }}
  numbers: "{{ .Values.beyond }} {{ .Values.small }} {{ .Values.date }} {{ .Values.time }}"
immutable: true
...
---
{{- if .Values.nothing }}
apiVersion: v1
kind: ConfigMap
metadata: {name: never}
{{- end }}
---
null
---
apiVersion: v1
kind: ConfigMap
metadata: {name: binary}
binaryData: {blob: {{ .Files.Get "files/blob.bin" | b64enc }}, empty: ""}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: listed}, data: {a: b}}
- {apiVersion: v1, kind: Service, metadata: {name: listed}, spec: {ports: [{port: 80}], selector: {app: oddities}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: oddities}
spec:
  replicas: 0x1
  revisionHistoryLimit: 1e1
  selector: {matchLabels: {app: oddities}}
  template:
    metadata: {labels: {app: oddities}}
    spec:
      containers: [{name: main, image: example.com/main, resources: {limits: {cpu: 0.5, memory: 1e9}}}]
      volumes: [{name: text, configMap: {name: anchors, defaultMode: 0440}}]
`;

/** A chart of about 180 objects, most of them of kinds that the chart itself defines, with hooks that need rights. */
export function platformChart(): ChartArchive {
  const definitions = ['Rule', 'Monitor', 'Probe', 'Route'].map((kind) => stringify(definitionOf(kind)));
  const files: ChartFiles = {
    'Chart.yaml': stringify({
      apiVersion: 'v2',
      name: 'platform',
      version: '61.3.2',
      dependencies: [
        { name: 'definitions', version: '0.0.0', condition: 'definitions.enabled' },
        { name: 'exporter', version: '1.x.x', alias: 'nodes' },
        { name: 'exporter', version: '1.x.x', alias: 'state' },
      ],
    }),
    'values.yaml': 'definitions: {enabled: true}\nnodes: {daemon: true}\nlabels: {team: "{{ .Release.Name }}-ops"}\n',
    'charts/definitions/Chart.yaml': 'apiVersion: v2\nname: definitions\nversion: 0.0.0\n',
    'charts/definitions/crds/first.yaml': `# two in one file\n---\n${definitions.slice(0, 2).join('---\n')}---\n`,
    'charts/definitions/crds/second.yaml': definitions.slice(2).join('---\n'),
    'charts/exporter/Chart.yaml': 'apiVersion: v2\nname: exporter\nversion: 1.4.2\n',
    'charts/exporter/values.yaml': 'daemon: false\n',
    'charts/exporter/templates/exporter.yaml': EXPORTER,
    'templates/many.yaml': MANY,
    'templates/admission.yaml': ADMISSION,
  };
  return buildChart('platform', files, '61.3.2');
}

const GROUP = 'platform.example.com';

function definitionOf(kind: string): object {
  const singular = kind.toLowerCase();
  const free = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: free } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${GROUP}` },
    spec: {
      group: GROUP,
      names: { kind, listKind: `${kind}List`, plural: `${singular}s`, singular },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

const EXPORTER = `apiVersion: apps/v1
kind: {{ ternary "DaemonSet" "Deployment" .Values.daemon }}
metadata: {name: {{ .Chart.Name }}}
spec:
  selector: {matchLabels: {app: {{ .Chart.Name }}}}
  template:
    metadata: {labels: {app: {{ .Chart.Name }}}, annotations: {checksum/values: {{ .Values | toYaml | sha256sum }}}}
    spec: {containers: [{name: main, image: example.com/exporter}]}
---
apiVersion: v1
kind: Service
metadata: {name: {{ .Chart.Name }}}
spec: {clusterIP: None, ports: [{name: metrics, port: 9100}], selector: {app: {{ .Chart.Name }}}}
`;

const MANY = `{{- range $i := until 24 }}
{{- range $kind := list "Rule" "Monitor" "Probe" "Route" }}
---
apiVersion: ${GROUP}/v1
kind: {{ $kind }}
metadata:
  name: {{ printf "%s-%02d" (lower $kind) $i }}
  labels: {{- tpl (toYaml $.Values.labels) $ | nindent 4 }}
spec:
  expression: |-
    sum by (x) (rate(requests{job="{{ $i }}"}[5m]))
    # a --- inside
  summary: "{{ \`{{ $labels.instance }}\` }} ≥ {{ $i }}%"
{{- end }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: board-{{ $i }}}
data: {board.json: {{ dict "title" (printf "Board %d ü" $i) "panels" (list 1 2 3) | toPrettyJson | quote }}}
{{- end }}
{{- range $i := until 10 }}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: account-{{ $i }}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: account-{{ $i }}}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: account-{{ $i }}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: account-{{ $i }}}
subjects: [{kind: ServiceAccount, name: account-{{ $i }}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "{{ $.Release.Namespace }}-{{ $i }}"}
rules: [{nonResourceURLs: [/metrics], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "{{ $.Release.Namespace }}-{{ $i }}"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "{{ $.Release.Namespace }}-{{ $i }}"}
subjects: [{kind: ServiceAccount, name: account-{{ $i }}, namespace: {{ $.Release.Namespace }}}]
{{- end }}
`;

const ADMISSION = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: "{{ .Release.Namespace }}-admission"}
webhooks:
- name: rules.${GROUP}
  failurePolicy: Ignore
  sideEffects: None
  admissionReviewVersions: [v1]
  rules: [{apiGroups: [${GROUP}], apiVersions: ["*"], resources: [rules], operations: [CREATE]}]
  clientConfig: {service: {name: absent, namespace: {{ .Release.Namespace }}, path: /validate}}
  namespaceSelector: {matchLabels: {never: matches}}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: admission
  annotations: {helm.sh/hook: "pre-install,pre-upgrade,post-install", helm.sh/hook-delete-policy: before-hook-creation}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: admission-create
  annotations: {helm.sh/hook: "pre-install, pre-upgrade", helm.sh/hook-weight: "5", helm.sh/hook-delete-policy: hook-succeeded}
spec: {template: {spec: {serviceAccountName: admission, restartPolicy: OnFailure, containers: [{name: main, image: example.com/job}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: farewell, annotations: {helm.sh/hook: post-delete}}
`;
