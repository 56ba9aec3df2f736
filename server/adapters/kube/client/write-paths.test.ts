import { expect, test } from 'vitest';
import { readSources } from '../../../../tools/source-files.ts';

/** The adapters of ports that write: they get a fenced connection, and each of their writes takes a pass of the gate. */
const GATED: Readonly<Record<string, string>> = {
  'objects/claims.ts': 'claims',
  'objects/namespaces.ts': 'namespaces',
  'objects/object-writer.ts': 'writer',
  'objects/workloads.ts': 'workloads',
  'storage/chart-archives.ts': 'archives',
  'storage/delivery-marks.ts': 'deliveryMarks',
  'storage/repository-store.ts': 'repositories',
  'storage/rollout-marks.ts': 'rolloutMarks',
  'storage/task-store.ts': 'tasks',
};

/** The files that may hold a connection which writes without a pass, and why. */
const UNGATED: Readonly<Record<string, string>> = {
  'client/fenced-kube.ts': 'puts the fence around a connection',
  'client/kube-api.ts': 'is the connection',
  'client/outside-namespace.ts': 'is a connection with one namespace less; it is fenced like any other',
  'objects/access-reviews.ts': 'a review is created to be answered: the cluster stores nothing',
  'storage/digest-key.ts':
    'creates the key of digests once, while the cluster is prepared and before there is a leader',
  'storage/key-secret.ts': 'creates the Secrets of the keys for digest-key.ts and seal-keys.ts',
  'storage/lease-leadership.ts': 'writes the lease, which decides who leads',
  'storage/release-config-crd.ts': 'installs the definition of ReleaseConfig while the cluster is prepared',
  'storage/seal-keys.ts': 'creates the first seal key once, while the cluster is prepared',
  'storage/system-namespace.ts': "creates Walm's own namespace while the cluster is prepared",
};

/** The files of the composition that may hold one. */
const WIRING: Readonly<Record<string, string>> = {
  'server/composition/adapters/kube-cluster.ts': 'opens it, and fences it for every port',
  'server/composition/adapters/preparation.ts': 'hands it to what prepares the cluster',
  'server/composition/adapters/seal-sources.ts': 'opens one for seal-keys.ts',
};

const HOME = 'server/adapters/kube/';
const production = readSources(/^server\/.*\.ts$/).filter(({ path }) => !/\.(test|conformance)\.ts$/.test(path));

/** Without comments and import lines. */
function codeOf(text: string): string {
  return text.replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, '').replaceAll(/^import .*?;$/gms, '');
}

function filesWith(pattern: RegExp): string[] {
  return production.filter(({ text }) => pattern.test(codeOf(text))).map(({ path }) => path);
}

const within = (table: object) => Object.keys(table).map((path) => HOME + path);

test('only these files can write to the API server without a pass', () => {
  const holding = filesWith(/\b(KubeApi|KubeWriter|createKubeApi|createKubeConnection|sendKubeRequest)\b/);
  const opening = ['client/kube-connection.ts', 'client/kube-request.ts'].map((path) => HOME + path);
  expect(holding.toSorted()).toEqual([...within(UNGATED), ...opening, ...Object.keys(WIRING)].toSorted());
});

test('only the adapters of gated ports can write with one', () => {
  const writing = filesWith(/\.writing\(/);
  expect(writing.toSorted()).toEqual(within(GATED).toSorted());
});

test('no other file names a writing verb of the API server', () => {
  const verbs = filesWith(
    /\b(kube|api|connection)\s*\.\s*(create|replace|patch|apply|remove)\b|\bKubeApi, '[^>]*'(create|replace|patch|apply|remove)'/i,
  );
  const allowed = new Set([...within(UNGATED), ...within(GATED), ...Object.keys(WIRING)]);
  expect(verbs.filter((path) => !allowed.has(path))).toEqual([]);
});
