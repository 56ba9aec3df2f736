import { buildChart, type ChartFiles } from '../../harness/charts/chart-builder.ts';
import type { Attack, HostileStage } from '../attack.ts';

const MiB = 1024 * 1024;
const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n';
const kept = { objectsKi: 6_000, diskMi: 64, because: 'archives are kept on disk up to a limit, releases were wanted' };

/** Makes `count` parallel dry runs of a chart. Every answer that says whose fault it is is acceptable. */
function dryRuns(files: () => ChartFiles, count = 1, more: object = {}): (stage: HostileStage) => Promise<void> {
  return async ({ attacker, round }) => {
    const archive = buildChart('hostile', files(), `0.0.${round}`).bytes;
    const order = { namespace: attacker.namespace, body: { name: 'hostile', ...more }, archive };
    const answers = await Promise.all(
      Array.from({ length: count }, () =>
        attacker.api.send('POST', `/api/v1/release/${order.namespace}/dryrun/withchart`, {
          body: form(order.body, archive),
        }),
      ),
    );
    const fault = answers.find(({ status }) => status >= 500 && status !== 503 && status !== 504);
    if (fault !== undefined) throw new Error(`it answered ${fault.status} ${fault.text.slice(0, 300)}`);
  };
}

function form(body: { name: string }, archive: Buffer): FormData {
  const parts = new FormData();
  parts.set('release', body.name);
  parts.set('chart', new Blob([new Uint8Array(archive)]), 'chart.tgz');
  parts.set('body', JSON.stringify(body));
  return parts;
}

const many = (count: number, one: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => one(i)).join('');

/** A manifest of 600 kB with a secret: it must be read and written again whenever it is shown. */
const wordy = buildChart('wordy', {
  'templates/x.yaml': `${MAP}data:\n{{- range $i := until 6000 }}\n  k{{ $i }}: "{{ $.Values.password }} is a secret and stands in each \\x61nd every line of it, so that it is long"\n{{- end }}\n`,
  'values.yaml': 'password: correct-horse-battery\n',
  'values.schema.json': '{"properties": {"password": {"type": "string", "writeOnly": true}}}',
}).bytes;

async function readManifests({ attacker, round, over }: HostileStage): Promise<void> {
  const { api, namespace } = attacker;
  const base = `/api/v1/release/${namespace}/name/wordy`;
  if (round === 1) await api.mustInstall({ namespace, body: { name: 'wordy' }, archive: wordy });
  for (const look of ['/manifest', '/history/1', '/diff']) {
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.send('GET', `${base}${look}`)));
    const fault = answers.find(({ status }) => status >= 500 && status !== 503);
    if (fault !== undefined) throw new Error(`${look} answered ${fault.status} ${fault.text.slice(0, 300)}`);
    if (answers.some(({ text }) => text.includes('correct-horse'))) throw new Error(`${look} shows a secret`);
  }
  if (over.aborted) await api.remove(namespace, 'wordy');
}

/** Charts that are small but expensive to process. */
export const attacks: readonly Attack[] = [
  {
    name: 'renders templates without an end in all places',
    leaves: kept,
    run: dryRuns(
      () => ({
        'templates/x.yaml': '{{ range $i := until 9999999 }}{{ range $j := until 9999999 }}{{ end }}{{ end }}',
      }),
      8,
    ),
  },
  {
    name: 'renders templates that call themselves',
    leaves: kept,
    run: dryRuns(() => ({
      'templates/_x.tpl': '{{ define "x" }}{{ include "x" . }}{{ include "x" . }}{{ end }}',
      'templates/x.yaml': '{{ include "x" . }}',
    })),
  },
  {
    name: 'renders a text of hundreds of megabytes',
    leaves: kept,
    run: dryRuns(() => ({ 'templates/x.yaml': `${MAP}data: {x: {{ repeat 400000000 "x" }}}` })),
  },
  {
    name: 'ships metainfo with 60,000 params',
    leaves: kept,
    run: dryRuns(() => ({
      'templates/x.yaml': MAP,
      'transwarp-meta/metainfo.yaml': `params:\n${many(60_000, (i) => `- {name: p${i}, mapKey: a.k${i}, type: string}\n`)}`,
    })),
  },
  {
    name: 'ships a schema of many alternatives for many values',
    leaves: kept,
    run: dryRuns(() => ({
      'templates/x.yaml': MAP,
      'values.yaml': many(3_000, (i) => `key${i}: v\n`),
      'values.schema.json': JSON.stringify({
        anyOf: Array.from({ length: 1_500 }, (_, i) => ({
          required: [`absent${i}`],
          properties: { [`key${i}`]: { writeOnly: true } },
          patternProperties: { '^(k+)+y': { type: 'string' } },
        })),
      }),
    })),
  },
  {
    name: 'ships a schema that refers to itself',
    leaves: kept,
    run: dryRuns(() => ({
      'templates/x.yaml': MAP,
      'values.schema.json':
        '{"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}}}',
    })),
  },
  {
    name: 'ships values that laugh a billion times',
    leaves: kept,
    run: dryRuns(() => ({
      'templates/x.yaml': `${MAP}data: {x: {{ .Values | toYaml | len | quote }}}`,
      'values.yaml': `a: &a [1,1,1,1,1,1,1,1,1]\n${many(9, (i) => `${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[i]}`).join()}]\n`)}`,
    })),
  },
  {
    name: 'ships values that merge the same mapping again and again',
    leaves: kept,
    run: dryRuns(() => ({
      'templates/x.yaml': MAP,
      'values.yaml': `a: &a {${many(2_000, (i) => `k${i}: 1, `)}z: 1}\nb:\n  <<: [${many(5_000, () => '*a, ')}*a]\n`,
    })),
  },
  {
    name: 'masks many secrets in a long text',
    leaves: kept,
    run: dryRuns(() => ({
      'templates/x.yaml': `${MAP}data: {x: "{{ repeat 700000 "s3" }}"}\n`,
      'templates/NOTES.txt': '{{ repeat 900000 "s3" }}',
      'values.yaml': `auth:\n${many(8_000, (i) => `  k${i}: s3s3-${i}\n`)}`,
      'values.schema.json': JSON.stringify({
        properties: { auth: { type: 'object', additionalProperties: { type: 'string', writeOnly: true } } },
      }),
    })),
  },
  {
    name: 'copies by JSON patch until nothing holds it',
    leaves: kept,
    run: dryRuns(() => ({ 'templates/x.yaml': `${MAP}data: {a: x}\n` }), 1, {
      plugins: [
        {
          name: 'CustomPatch',
          args: {
            patches: [
              {
                target: { kind: 'ConfigMap', name: 'hostile' },
                type: 'json',
                patch: Array.from({ length: 60 }, (_, i) => ({ op: 'copy', from: '/data', path: `/data/c${i}` })),
              },
            ],
          },
        },
      ],
    }),
  },
  {
    name: 'sends archives that unpack to a hundred times as much, side by side',
    leaves: kept,
    run: dryRuns(
      () => Object.fromEntries(Array.from({ length: 18 }, (_, i) => [`files/zeros-${i}`, Buffer.alloc(4.9 * MiB)])),
      8,
    ),
  },
  { name: 'has long manifests with secrets shown', leaves: kept, run: readManifests },
  {
    name: 'sends archive after archive',
    leaves: { ...kept, diskMi: 256 },
    run: async (stage) => {
      const noise = (): Buffer => Buffer.from(crypto.getRandomValues(new Uint8Array(65_536)));
      const files = (): ChartFiles => {
        const numbers = Array.from({ length: 60 }, (_, i) => i);
        const noises: ChartFiles = Object.fromEntries(numbers.map((i) => [`files/n${i}`, noise()]));
        return { ...noises, 'templates/x.yaml': MAP };
      };
      await dryRuns(files)(stage);
    },
  },
];
