{{/* Name of the chart's objects: the release's, with the chart's where the release does not say it. */}}
{{- define "zookeeper.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Name of the service that gives each server its own host name. */}}
{{- define "zookeeper.headless" -}}
{{- printf "%s-headless" (include "zookeeper.fullname" .) -}}
{{- end -}}

{{- define "zookeeper.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "zookeeper.labels" -}}
{{ include "zookeeper.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "zookeeper.image" -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}

{{/* Host names of all servers as JSON. */}}
{{- define "zookeeper.hosts" -}}
{{- $hosts := list -}}
{{- range $ordinal := until (int .Values.replicas) -}}
{{- $hosts = append $hosts (printf "%s-%d.%s.%s.svc" (include "zookeeper.fullname" $) $ordinal (include "zookeeper.headless" $) $.Release.Namespace) -}}
{{- end -}}
{{- $hosts | toJson -}}
{{- end -}}
