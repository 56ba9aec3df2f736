import { buildChart } from '../../harness/charts/chart-builder.ts';
import type { Move, TenantStage } from '../move.ts';

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n';

/** Contents of a chart, by what they try to reach. */
const TEMPLATES: Record<string, (stage: TenantStage) => string> = {
  'looks up every Secret': () => `${MAP}data: {seen: {{ lookup "v1" "Secret" "" "" | toJson | quote }}}\n`,
  'looks up a Secret of somebody': ({ random, targets }) => {
    const { namespace, secret } = random.pick(targets);
    return `${MAP}data: {seen: {{ lookup "v1" "Secret" "${namespace}" "${secret}" | toJson | quote }}}\n`;
  },
  'looks up Walm’s Secrets when its provider has changed': ({ systemNamespace }) =>
    `${MAP}data:\n  fine: "yes"\n{{- if gt (int .Values.source.count) 1 }}\n  seen: {{ lookup "v1" "Secret" "${systemNamespace}" "" | toJson | quote }}\n{{- end }}\n`,
  'puts objects elsewhere': ({ random, targets }) =>
    `${MAP}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: planted, namespace: ${random.pick(targets).namespace}}\n`,
  'puts objects into Walm’s namespace when its provider has changed': ({ systemNamespace }) =>
    `${MAP}{{- if gt (int .Values.source.count) 1 }}\n---\napiVersion: v1\nkind: Secret\ntype: walm.io/task.v1\nmetadata: {name: walm-task-planted, namespace: ${systemNamespace}}\n{{- end }}\n`,
  'makes its owner an administrator': ({ namespace }) =>
    `${MAP}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: "${namespace}-king"}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: "system:serviceaccounts:${namespace}"}]\n`,
  'makes its owner an administrator when its provider has changed': ({ namespace }) =>
    `${MAP}{{- if gt (int .Values.source.count) 1 }}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: king}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: "system:serviceaccounts:${namespace}"}]\n{{- end }}\n`,
  'runs a hook elsewhere': ({ random, targets }) =>
    `${MAP}---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: hook, namespace: ${random.pick(targets).namespace}, annotations: {helm.sh/hook: "pre-install,pre-upgrade,pre-rollback"}}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: x, image: example.com/x:1}]}}}\n`,
  'brings a definition along': ({ namespace }) =>
    `${MAP}---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.${namespace}.example.com}\nspec: {group: ${namespace}.example.com, scope: Cluster, names: {kind: Thing, plural: things}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}\n`,
  'has pods that crash': () =>
    `${MAP}---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: "{{ .Release.Name }}"}\nspec:\n  selector: {matchLabels: {app: x}}\n  template:\n    metadata: {labels: {app: x}, annotations: {sandbox.walm.io/behaviour: crash-loop}}\n    spec: {containers: [{name: x, image: "example.com/x:{{ .Release.Revision }}"}]}\n`,
  'never ends': () =>
    `${MAP}data: {x: {{ range $i := until 9999999 }}{{ range $j := until 9999999 }}{{ end }}{{ end }}""}\n`,
  'is deep': () => `${MAP}data: {x: {{ "${'['.repeat(5000)}" | fromYamlArray | toJson | quote }}}\n`,
  'is harmless': () => `${MAP}data: {count: "{{ .Release.Revision }}"}\n`,
};

const DEFAULTS = 'count: 0\nsource: {count: 0}\n';

/** Charts of a tenant, installed and upgraded over each other, with features that make Walm act later by itself. */
export const moves: readonly Move[] = Object.entries(TEMPLATES).map(([what, template]) => ({
  name: `installs a chart that ${what}`,
  async play(stage: TenantStage) {
    const { random, namespace, releases, ears } = stage;
    const name = random.pick(releases);
    const files = { 'templates/x.yaml': template(stage), 'values.yaml': DEFAULTS };
    const archive = buildChart('theirs', files, `0.${random.between(1, 999)}.0`).bytes;
    const provider = random.pick(releases);
    const body = {
      name,
      configValues: { count: random.between(0, 9) },
      outputs: { count: 'values:count' },
      onFailure: random.pick(['rollback', 'hold', 'pause', 'none']),
      ...(provider !== name && random.next() < 0.6 && { dependencies: { source: provider } }),
    };
    const query = { timeoutSec: 10, upsert: true, waitReady: false, allowMissing: true };
    return ears.install({ namespace, body, archive, query });
  },
}));
