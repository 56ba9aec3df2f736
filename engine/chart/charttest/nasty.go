package charttest

// Nasty contains one of everything that an indirect rendering could get wrong.
func Nasty(group string) map[string]string {
	return map[string]string{
		"Chart.yaml": `apiVersion: v2
name: nasty
version: 1.2.3
appVersion: "9"
kubeVersion: ">=1.20.0-0"
dependencies:
- {name: db, version: 0.1.0, alias: primary}
- {name: db, version: 0.1.0, alias: replica, condition: replica.enabled}
- {name: extra, version: 0.1.0, tags: [extras]}
- {name: lib, version: 0.1.0}
- name: exporter
  version: 0.1.0
  import-values:
  - data
  - {child: inner, parent: imported}
`,
		"values.yaml": `big: 12345678901234567
million: 10000000
float: 1.10
replica: {enabled: true}
tags: {extras: false}
global: {region: eu}
note: "say {{ .Release.Name }}"
primary: {size: 3}
`,
		"files/a.txt":         "alpha\n",
		"files/b.bin":         "\x00\x01beta",
		"crds/widget.yaml":    NastyDefinition(group, "Widget", "widgets"),
		"templates/_help.tpl": `{{- define "nasty.labels" }}app: {{ .Chart.Name }}{{ end }}`,
		"templates/NOTES.txt": "Thank you for {{ .Release.Name }}, revision {{ .Release.Revision }}\n",
		"templates/_only.yaml": `# a partial: never a manifest
kind: Broken
`,
		"templates/empty.yaml":   "{{- if false }}\nkind: Nothing\n{{- end }}\n",
		"templates/comment.yaml": "# only a comment\n",
		"templates/multi.yaml": `---
# leading comment
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-first
  labels: { {{ include "nasty.labels" . }} }
data:
  million: "{{ .Values.million }}"
  big: "{{ .Values.big }}"
  float: "{{ .Values.float }}"
  tpl: {{ tpl .Values.note . | quote }}
  imported: {{ .Values.imported.deep | quote }}
  exported: {{ .Values.exported | quote }}
  missing: "{{ .Values.absent }}"
  # Source: not/a/source.yaml
  text: |
    ---not a separator
    trailing spaces   
---

---
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-second}
data: {key: one, key: two}
--- # with a comment
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec: {ports: [{port: 80}], selector: {app: x}}
`,
		"templates/crlf.yaml": "apiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: {{ .Release.Name }}-crlf\r\ndata:\r\n  a: b\r\n",
		"templates/files.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-files
  annotations: {"helm.sh/resource-policy": keep}
data:
  get: {{ .Files.Get "files/a.txt" | quote }}
{{ (.Files.Glob "files/*.txt").AsConfig | indent 2 }}
binaryData:
  b: {{ .Files.Get "files/b.bin" | b64enc }}
`,
		"templates/lookup.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-lookup
data:
  namespace: {{ (lookup "v1" "Namespace" "" "kube-system").metadata.name | quote }}
  none: {{ lookup "v1" "ConfigMap" .Release.Namespace "nothing" | toJson | quote }}
  widgets: {{ .Capabilities.APIVersions.Has "` + group + `/v1/Widget" | quote }}
  kube: {{ .Capabilities.KubeVersion.Version }}
  helm: {{ .Capabilities.HelmVersion.Version }}
  install: "{{ .Release.IsInstall }} {{ .Release.IsUpgrade }} {{ .Release.Revision }} {{ .Release.Service }}"
  template: {{ .Template.Name }} in {{ .Template.BasePath }}
  root: "{{ .Chart.IsRoot }} {{ .Chart.Type }} {{ .Chart.AppVersion }}"
  host: "[{{ getHostByName "localhost" }}]"
  required: {{ required "million" .Values.million | quote }}
`,
		"templates/widget.yaml": `apiVersion: ` + group + `/v1
kind: Widget
metadata: {name: {{ .Release.Name }}}
spec: {size: 007}
`,
		"templates/zhooks.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-late
  annotations: {"helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-weight": "5"}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-early
  annotations:
    "helm.sh/hook": pre-install
    "helm.sh/hook-weight": "-5"
    "helm.sh/hook-delete-policy": hook-succeeded,before-hook-creation
---
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-test
  annotations: {"helm.sh/hook": test}
spec: {containers: [{name: t, image: t}], restartPolicy: Never}
`,
		"templates/sub/dir/list.yaml": `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: {{ .Release.Name }}-listed}
`,
		"charts/db/Chart.yaml":              "apiVersion: v2\nname: db\nversion: 0.1.0\n",
		"charts/db/values.yaml":             "size: 1\nglobal: {tier: data}\n",
		"charts/db/templates/NOTES.txt":     "notes of {{ .Chart.Name }}\n",
		"charts/db/templates/secret.yaml":   nastySecret,
		"charts/db/crds/gadget.yml":         NastyDefinition(group, "Gadget", "gadgets"),
		"charts/extra/Chart.yaml":           "apiVersion: v2\nname: extra\nversion: 0.1.0\n",
		"charts/extra/templates/x.yaml":     "{{ fail \"extra is disabled\" }}",
		"charts/lib/Chart.yaml":             "apiVersion: v2\nname: lib\nversion: 0.1.0\ntype: library\n",
		"charts/lib/templates/_lib.tpl":     `{{ define "lib.name" }}{{ .Release.Name }}-lib{{ end }}`,
		"charts/lib/templates/ignored.yaml": "kind: Ignored\n",
		"charts/exporter/Chart.yaml":        "apiVersion: v2\nname: exporter\nversion: 0.1.0\n",
		"charts/exporter/values.yaml":       "exports: {data: {exported: from-child}}\ninner: {deep: value}\n",
		"charts/exporter/templates/sa.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: {{ template \"lib.name\" . }}}\n",
	}
}

const nastySecret = `apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
stringData:
  size: {{ .Values.size | quote }}
  region: {{ .Values.global.region }}
  tier: {{ .Values.global.tier }}
  root: "{{ .Chart.IsRoot }}"
`

// NastyDefinition is the definition of a namespaced kind.
func NastyDefinition(group, kind, plural string) string {
	return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ` + plural + `.` + group + `
spec:
  group: ` + group + `
  scope: Namespaced
  names: {kind: ` + kind + `, plural: ` + plural + `}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`
}
