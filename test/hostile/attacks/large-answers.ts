import { packRecord, recordSecret } from '../../tenant/record-text.ts';
import type { Attack, HostileStage } from '../attack.ts';

/** Records that are allowed one by one, and are an answer without bounds together. */

const secretsOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/secrets`;

function record(namespace: string, name: string, manifest: string): string {
  return packRecord(
    JSON.stringify({
      name,
      namespace,
      version: 1,
      info: { status: 'deployed', first_deployed: '2026-01-01T00:00:00Z', last_deployed: '2026-01-01T00:00:00Z' },
      chart: { metadata: { name: 'x', version: '1.0.0', apiVersion: 'v2' }, templates: [], files: [] },
      config: {},
      manifest,
      hooks: [],
    }),
  );
}

/** Below the limit of a record; about 80 kB as Helm packs it. */
function manyObjects(count: number): string {
  const long = 'm'.repeat(100);
  return Array.from(
    { length: count },
    (_, i) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${long}${i}}\ndata: {a: "${i}"}`,
  ).join('\n---\n');
}

function manyDependencies(namespace: string, at: number, records: number, each: number): string {
  const lines = Array.from({ length: each }, (_, i) => `    k${i}: ${namespace}/dp${(at + i) % records}`);
  return [
    'apiVersion: apiextensions.transwarp.io/v1beta1',
    'kind: ReleaseConfig',
    `metadata: {name: dp${at}, namespace: ${namespace}, annotations: {walm.io/facts: v1}}`,
    'spec:',
    '  dependencies:',
    ...lines,
  ].join('\n');
}

/** Writes the records of a round, does something with them, and deletes them. */
async function withRecords(
  { attacker }: HostileStage,
  records: readonly { name: string; payload: string }[],
  use: () => Promise<void>,
): Promise<void> {
  const path = secretsOf(attacker.namespace);
  try {
    for (const { name, payload } of records) {
      const { status, body } = await attacker.kube.call('POST', path, recordSecret({ name, version: 1 }, payload));
      if (status !== 201 && status !== 409)
        throw new Error(`the record was not taken: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    }
    await use();
  } finally {
    for (const { name } of records) await attacker.kube.call('DELETE', `${path}/sh.helm.release.v1.${name}.v1`);
  }
}

/** Gets the same six times at once, and again, until the time is over. */
async function getAtOnce({ attacker, over }: HostileStage, path: string, maxBytes: number): Promise<void> {
  for (let time = 0; time < 5 && !over.aborted; time += 1) {
    const answers = await Promise.all(Array.from({ length: 6 }, () => attacker.api.send('GET', path)));
    for (const { status, text } of answers) {
      if (status !== 200) throw new Error(`${path} answered ${status} ${text.slice(0, 300)}`);
      if (text.length > maxBytes) throw new Error(`${path} answered ${text.length} bytes`);
    }
  }
}

const CLAIMS = 60;
const SECRETS = 40;

/** Claims with long annotations and large Secrets, each of which the cluster allows; some 40 MB as JSON. */
function largeObjects(): { collection: string; object: Record<string, unknown> & { metadata: { name: string } } }[] {
  const claims = Array.from({ length: CLAIMS }, (_, i) => ({
    collection: 'persistentvolumeclaims',
    object: {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: `large-${i}`, annotations: { 'example.com/long': 'x'.repeat(200_000) } },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  }));
  const secrets = Array.from({ length: SECRETS }, (_, i) => ({
    collection: 'secrets',
    object: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `large-${i}` },
      data: { text: Buffer.alloc(500_000, i).toString('base64') },
    },
  }));
  return [...claims, ...secrets];
}

export const attacks: readonly Attack[] = [
  {
    name: 'reads lists of large objects many times at once',
    async run({ attacker, over }) {
      const { namespace, kube, api } = attacker;
      const objects = largeObjects();
      const pathOf = (collection: string) => `/api/v1/namespaces/${namespace}/${collection}`;
      try {
        for (const { collection, object } of objects) {
          const { status } = await kube.call('POST', pathOf(collection), object);
          if (status !== 201 && status !== 409) throw new Error(`an object was not taken: ${status}`);
        }
        for (let time = 0; time < 3 && !over.aborted; time += 1) {
          const paths = Array.from({ length: 60 }, (_, i) => `/api/v1/${i % 2 === 0 ? 'pvc' : 'secret'}/${namespace}`);
          const answers = await Promise.all(paths.map((path) => api.send('GET', path)));
          const wrong = answers.find(({ status }) => status !== 200 && status !== 429);
          if (wrong !== undefined) throw new Error(`a list answered ${wrong.status} ${wrong.text.slice(0, 300)}`);
        }
      } finally {
        for (const { collection, object } of objects) {
          await kube.call('DELETE', `${pathOf(collection)}/${object.metadata.name}`);
        }
      }
    },
  },
  {
    name: 'lists fifty records of ten thousand objects',
    async run(stage) {
      const { namespace } = stage.attacker;
      const manifest = manyObjects(9_900);
      const records = Array.from({ length: 50 }, (_, i) => `st${i}`).map((name) => ({
        name,
        payload: record(namespace, name, manifest),
      }));
      await withRecords(stage, records, () => getAtOnce(stage, `/api/v1/release/${namespace}`, 2 * 1024 * 1024));
    },
  },
  {
    name: 'rewrites large records without end',
    async run(stage) {
      const { attacker, over } = stage;
      const { namespace } = attacker;
      const manifest = manyObjects(9_000);
      const records = Array.from({ length: 4 }, (_, i) => `hot${i}`).map((name) => ({
        name,
        payload: record(namespace, name, manifest),
      }));
      await withRecords(stage, records, async () => {
        for (let time = 0; time < 40 && !over.aborted; time += 1) {
          await Promise.all(
            records.map(({ name, payload }) => {
              const secret = recordSecret({ name, version: 1 }, payload);
              const edited = { ...secret, metadata: { ...secret.metadata, annotations: { edit: `${time}` } } };
              return attacker.kube.call('PUT', `${secretsOf(namespace)}/sh.helm.release.v1.${name}.v1`, edited);
            }),
          );
        }
      });
    },
  },
  {
    name: 'asks for the graph of forged dependencies',
    async run(stage) {
      const { namespace } = stage.attacker;
      const records = Array.from({ length: 150 }, (_, i) => ({
        name: `dp${i}`,
        payload: record(namespace, `dp${i}`, manyDependencies(namespace, i, 150, 900)),
      }));
      const path = `/api/v1/dependency?namespace=${namespace}`;
      await withRecords(stage, records, () => getAtOnce(stage, path, 3 * 1024 * 1024));
    },
  },
];
