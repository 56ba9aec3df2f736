{{/* Name of the chart's objects: the release's, with the chart's where the release does not say it. */}}
{{- define "kafka.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Name of the service that gives each broker its own host name. */}}
{{- define "kafka.headless" -}}
{{- printf "%s-headless" (include "kafka.fullname" .) -}}
{{- end -}}

{{- define "kafka.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "kafka.labels" -}}
{{ include "kafka.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "kafka.image" -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}

{{/*
Where the brokers find their ZooKeeper: servers and the path below which Kafka keeps its metadata. It is printed into a
file, so it is one line, whatever the release that publishes the servers says.
*/}}
{{- define "kafka.zookeeper" -}}
{{- regexReplaceAll "[^!-~]+" (printf "%s%s" .Values.zookeeper.client.ZOOKEEPER_ADDRESS .Values.zookeeper.chroot) "" -}}
{{- end -}}

{{/* Protocol of the clients' listener. */}}
{{- define "kafka.clientProtocol" -}}
{{- ternary "SASL_PLAINTEXT" "PLAINTEXT" .Values.auth.enabled -}}
{{- end -}}
