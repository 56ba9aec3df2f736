import { randomBytes } from 'node:crypto';

import { buildChart, type ChartArchive } from '../../harness/charts/chart-builder.ts';
import { chartForm } from '../../harness/clients/walm-api.ts';
import type { Attack, HostileStage } from '../attack.ts';

/** Bodies whose processing could grow faster than their size: checks, merges, and mapping by a chart. */

const MANY = 60_000;
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

/** Refused or done, but never an internal error. */
function answered(status: number, text: string): void {
  if (status >= 500 && status !== 503) throw new Error(`it answered ${status} ${text.slice(0, 300)}`);
}

type Made = Record<string, unknown> & { name: string };

function install(make: (stage: HostileStage) => Made | string, path = '', method = 'POST') {
  return async (stage: HostileStage): Promise<void> => {
    const made = make(stage);
    const body = typeof made === 'string' ? made : JSON.stringify(made);
    const headers = { 'content-type': 'application/json' };
    const address = `/api/v1/release/${stage.attacker.namespace}${path}`;
    const { status, text } = await stage.attacker.api.send(method, address, { body, headers });
    answered(status, text);
  };
}

const plain: ChartArchive = buildChart('costly', {
  'templates/map.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {a: {{ .Values.a | default "b" | quote }}}\n',
});

/** A chart whose metainfo maps very many names to one large value. */
const mapping: ChartArchive = buildChart('mapping', {
  'templates/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n',
  'values.yaml': `a: ${JSON.stringify(Object.fromEntries(times(2_000, (i) => [`k${i}`, 'x'.repeat(50)])))}\n`,
  'transwarp-meta/metainfo.yaml': `params:\n${times(MANY, (i) => `- {name: p${i}, mapKey: a}\n`).join('')}`,
});

/** The same, with the largest metainfo that Walm reads. */
const fullMapping: ChartArchive = buildChart('full', {
  'templates/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n',
  'values.yaml': `a: ${JSON.stringify(Object.fromEntries(times(2_000, (i) => [`k${i}`, 'x'.repeat(50)])))}\n`,
  'transwarp-meta/metainfo.yaml': `params:\n${times(7_000, (i) => `- {name: p${i}, mapKey: a}\n`).join('')}`,
});

/** A chart that marks every value below `auth` as secret. */
const marking: ChartArchive = buildChart('marking', {
  'templates/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n',
  'values.schema.json': JSON.stringify({
    properties: { auth: { additionalProperties: { type: 'string', writeOnly: true } } },
  }),
});

/** A chart with large Secrets, in characters that must be escaped wherever they appear. */
const secretive: ChartArchive = buildChart('secretive', {
  'templates/secret.yaml':
    '{{ range $i := until 100 }}---\napiVersion: v1\nkind: Secret\nmetadata: {name: "{{ $.Release.Name }}-{{ $i }}"}\n' +
    'stringData: {key: {{ printf "%d %s" $i (repeat 8000 "&<\\n>é") | quote }}}\n{{ end }}',
});

function dryRun(archive: ChartArchive, body: (stage: HostileStage) => Made) {
  return async (stage: HostileStage): Promise<void> => {
    const path = `/api/v1/release/${stage.attacker.namespace}/dryrun/withchart`;
    const form = chartForm(body(stage), archive.bytes);
    const { status, text } = await stage.attacker.api.send('POST', path, { body: form });
    answered(status, text);
  };
}

const doubling = times(60, (i) => ({ op: 'copy', from: '/data', path: `/data/k${i}` }));
const patches = (type: string, patch: unknown) => [
  { name: 'CustomPatch', args: { patches: [{ target: { kind: 'ConfigMap', name: 'x' }, type, patch }] } },
];

/** Values that compress badly, so that a Secret would hold them as they are. */
const bulky = (): Record<string, string> => ({ a: randomBytes(350_000).toString('base64') });

export const attacks: readonly Attack[] = [
  {
    name: 'sends 60,000 params',
    sample: true,
    run: install(() => ({ name: 'x', metaInfoParams: { params: times(MANY, (i) => ({ name: `p${i}`, value: i })) } })),
  },
  {
    name: 'sends 30,000 amounts that fit no alternative',
    run: install(() => ({
      name: 'x',
      metaInfoParams: { roles: times(15_000, () => ({ name: 'r', resources: { limitsCpu: [], limitsMemory: {} } })) },
    })),
  },
  {
    name: 'sends a million values',
    run: install(() => `{"name":"x","configValues":{"a":[${'1,'.repeat(1_000_000)}1]}}`),
  },
  {
    name: 'sends half a million empty objects',
    run: install(() => `{"name":"x","configValues":{"a":[${'{},'.repeat(500_000)}{}]}}`),
  },
  { name: 'nests 100,000 arrays', run: install(() => `{"name":"x","configValues":{"a":${'['.repeat(100_000)}`) },
  {
    name: 'sends 90,000 unknown fields',
    run: install(() => `{"name":"x",${times(90_000, (i) => `"nam${i}":1`).join(',')}}`),
  },
  {
    name: 'sends a text of a million escapes',
    run: install(() => `{"name":"x","configValues":{"a":"${String.raw`\u0041`.repeat(600_000)}"}}`),
  },
  {
    name: 'names 90,000 labels, dependencies and outputs',
    run: install(() => ({
      name: 'x',
      releaseLabels: Object.fromEntries(times(30_000, (i) => [`l${i}`, 'x'])),
      dependencies: Object.fromEntries(times(30_000, (i) => [`d${i}`, `r${i}`])),
      outputs: Object.fromEntries(times(30_000, (i) => [`o${i}`, 'value:a'])),
    })),
  },
  {
    name: 'unsets 90,000 paths',
    run: install(() => ({ name: 'costly', unset: times(90_000, (i) => `a.k${i}`) }), '', 'PUT'),
  },
  {
    name: 'makes a project of 3,000 releases in a ring',
    run: async (stage) => {
      const releases = times(3_000, (i) => ({
        name: `r${i}`,
        chartName: 'costly',
        dependencies: { n: `r${(i + 1) % 3_000}` },
      }));
      const path = `/api/v1/project/${stage.attacker.namespace}/name/ring`;
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ releases });
      const { status, text } = await stage.attacker.api.send('POST', path, { body, headers });
      answered(status, text);
    },
  },
  {
    name: 'gives 400 releases of a project 3 MB of common values each',
    run: async (stage) => {
      const releases = times(400, (i) => ({ name: `r${i}`, chartName: 'modest' }));
      const path = `/api/v1/project/${stage.attacker.namespace}/name/common`;
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ commonValues: { a: 'x'.repeat(3_000_000) }, releases });
      const { status, text } = await stage.attacker.api.send('POST', path, { body, headers });
      answered(status, text);
    },
  },
  {
    name: 'doubles an object by copies of a JSON patch',
    sample: true,
    run: dryRun(plain, () => ({ name: 'x', plugins: patches('json', doubling) })),
  },
  {
    name: 'patches 10,000 times',
    run: dryRun(plain, () => ({
      name: 'x',
      plugins: patches(
        'json',
        times(10_000, (i) => ({ op: 'add', path: `/data/k${i}`, value: 'x' })),
      ),
    })),
  },
  { name: 'brings a chart that maps 60,000 params', run: dryRun(mapping, () => ({ name: 'x' })) },
  {
    name: 'brings a chart that maps 7,000 params to one large value, and uses them',
    run: dryRun(fullMapping, () => ({
      name: 'x',
      metaInfoParams: { params: times(7_000, (i) => ({ name: `p${i}`, value: { [`k${i}`]: 'y' } })) },
    })),
  },
  {
    name: 'sends 20,000 values that the chart calls secret',
    run: dryRun(marking, () => ({
      name: 'x',
      configValues: { auth: Object.fromEntries(times(20_000, (i) => [`k${i}`, `secret-${i}`])) },
    })),
  },
  {
    name: 'has megabytes of secrets rendered',
    run: dryRun(secretive, () => ({ name: 'x' })),
  },
  {
    name: 'names 9,000 dependencies',
    run: dryRun(plain, () => ({
      name: 'x',
      dependencies: Object.fromEntries(times(9_000, (i) => [`d${i}`, `r${i}`])),
    })),
  },
  {
    name: 'has large installs refused, again and again',
    leaves: { objectsKi: 400, because: 'refused tasks can be read for a day, without their values' },
    async run(stage) {
      const body = { name: stage.fresh('bulky'), configValues: bulky() };
      const { namespace, api } = stage.attacker;
      // No ConfigMap can hold this much: the cluster refuses it after the task was accepted.
      const { status, text } = await api.install({ namespace, body, archive: plain.bytes });
      answered(status, text);
      await api.remove(namespace, body.name);
    },
  },
];
