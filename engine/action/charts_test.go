package action

import "strings"

// chartOf makes a chart of templates by their name below templates/, and of other files by their path.
func chartOf(files map[string]string) map[string]string {
	made := map[string]string{"Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n"}
	for path, content := range files {
		if !strings.Contains(path, "/") && path != "values.yaml" && path != "values.schema.json" && path != "Chart.yaml" {
			path = "templates/" + path
		}
		made[path] = content
	}
	return made
}

func configMap(name, extra string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n" + extra
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: {{ .Values.replicas | default 1 }}
  selector: {matchLabels: {app: "{{ .Values.app | default "web" }}"}}
  template:
    metadata: {labels: {app: "{{ .Values.app | default "web" }}"}}
    spec: {containers: [{name: web, image: "nginx:1"}]}
`
