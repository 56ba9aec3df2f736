import { buildChart } from '../../harness/charts/chart-builder.ts';

/** Values as `{groups: {g0: {key-0: text, …}, …}}`: 20,000 keys of them are 618 KB of JSON. */
export function valuesOf(keys: number, turn: number): Record<string, unknown> {
  const groups: Record<string, Record<string, string>> = {};
  for (let i = 0; i < keys; i += 1) {
    (groups[`g${i % 100}`] ??= {})[`key-${i}`] = `text-${turn}-${(i * 2_654_435_761) % 4_294_967_296}`;
  }
  return { groups };
}

/** One object that quotes a few of its values, however many there are. */
export const FEW_OBJECTS = buildChart('values', {
  'values.yaml': 'groups: {}\n',
  'templates/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  some: {{ dig "g1" "key-1" "none" .Values.groups | quote }}
`,
});

/** As many small objects as `count` says; `turn` stands in each of them. */
export const MANY_OBJECTS = buildChart('objects', {
  'values.yaml': 'count: 1\nturn: 0\n',
  'templates/config.yaml': `{{- range $i := until (int .Values.count) }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $.Release.Name }}-{{ $i }}
  labels:
    app.kubernetes.io/instance: {{ $.Release.Name }}
data:
  number: "{{ $i }}"
  turn: "{{ $.Values.turn }}"
{{- end }}
`,
});

/** One object, and parameters that a request can name: `p0` to `p7999` are none of them. */
export function unknownParams(count: number): Record<string, unknown> {
  return { params: Array.from({ length: count }, (_, i) => ({ name: `p${i}`, value: '1' })) };
}

/** Labels of a release, as many as `count` says. */
export function labelsOf(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`bench.example/label-${i}`, `v${i}`]));
}
