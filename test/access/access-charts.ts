import { buildChart } from '../harness/charts/chart-builder.ts';

/** Nothing but a ConfigMap. */
export const small = buildChart('small', {
  'README.md': 'A small chart.\n',
  'templates/x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n',
});
/** With a workload, which can be paused and restarted. */
export const works = buildChart('works', {
  'templates/x.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  selector: {matchLabels: {app: works}}
  template:
    metadata: {labels: {app: works}, annotations: {a: "{{ .Values.a }}"}}
    spec: {containers: [{name: web, image: web:1}]}
`,
});
/** Its hook never ends where nothing runs Jobs. */
export const waits = buildChart('waits', {
  'templates/job.yaml': `apiVersion: batch/v1
kind: Job
metadata: {name: "{{ .Release.Name }}", annotations: {helm.sh/hook: pre-install}}
spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: job, image: job:1}]}}}
`,
});
