import type { Move } from '../move.ts';

/** Patches that let pods do more than their chart allows, or give them what belongs to someone else. */
const PATCHES: readonly unknown[] = [
  [{ op: 'add', path: '/spec/template/spec/hostPID', value: true }],
  [{ op: 'add', path: '/spec/template/spec/serviceAccountName', value: 'tenant' }],
  [{ op: 'add', path: '/spec/template/spec/volumes', value: [{ name: 'x', hostPath: { path: '/' } }] }],
  [{ op: 'add', path: '/spec/template/spec/runtimeClassName', value: 'bare' }],
  [{ op: 'replace', path: '/metadata/namespace', value: 'kube-system' }],
  [{ op: 'copy', from: '/spec', path: '/spec/template/metadata/annotations' }],
];

/** Requests to Walm: ordinary ones for the tenant's releases, and requests for those of others. */
export const moves: readonly Move[] = [
  {
    name: 'changes what a provider publishes',
    play({ namespace, random, releases, ears }) {
      const body = { name: random.pick(releases), configValues: { count: random.between(0, 99) } };
      return ears.walm('PUT', `/api/v1/release/${namespace}`, body, { waitReady: false });
    },
  },
  ...['pause', 'recover', 'restart', 'rollback', 'adopt', 'detach'].map((verb) => ({
    name: `asks to ${verb}`,
    play: ({ namespace, random, releases, ears }: Parameters<Move['play']>[0]) =>
      ears.walm('POST', `/api/v1/release/${namespace}/name/${random.pick(releases)}/${verb}`),
  })),
  {
    name: 'deletes a release',
    play: ({ namespace, random, releases, ears }) =>
      ears.walm('DELETE', `/api/v1/release/${namespace}/name/${random.pick(releases)}`, undefined, { force: true }),
  },
  {
    name: 'reads everything about its releases',
    async play({ namespace, random, releases, ears }) {
      const base = `/api/v1/release/${namespace}/name/${random.pick(releases)}`;
      for (const look of ['', '/history', '/history/1', '/diff', '/manifest', '/values', '/notes', '/drift']) {
        await ears.walm('GET', `${base}${look}`);
      }
    },
  },
  {
    name: 'reads the lists of everything',
    async play({ ears }) {
      for (const path of [
        '/api/v1/release',
        '/api/v1/task',
        '/api/v1/project',
        '/api/v1/dependency',
        '/api/v1/status',
      ]) {
        await ears.walm('GET', path);
      }
    },
  },
  {
    name: 'reads and changes a release of somebody else',
    async play({ random, targets, ears }) {
      const { namespace, release } = random.pick(targets);
      const base = `/api/v1/release/${namespace}/name/${release}`;
      for (const look of ['', '/manifest', '/values', '/history']) await ears.walm('GET', `${base}${look}`);
      for (const verb of ['pause', 'rollback', 'restart', 'adopt']) await ears.walm('POST', `${base}/${verb}`);
      await ears.walm('PUT', `/api/v1/release/${namespace}`, { name: release, configValues: { a: 1 } });
      await ears.walm('DELETE', base, undefined, { force: true, deletePvcs: true });
    },
  },
  {
    name: 'depends on a release of somebody else',
    play({ namespace, random, releases, targets, ears }) {
      const target = random.pick(targets);
      const dependencies = { source: `${target.namespace}/${target.release}` };
      return ears.walm('PUT', `/api/v1/release/${namespace}`, { name: random.pick(releases), dependencies });
    },
  },
  {
    name: 'publishes Secrets of somebody else',
    play({ namespace, random, releases, targets, systemNamespace, ears }) {
      const { namespace: other, secret } = random.pick(targets);
      const outputs = {
        here: `secret:${secret}.password`,
        there: `secret:${other}/${secret}.password`,
        up: `secret:../../${other}/secrets/${secret}.password`,
        key: `secret:${systemNamespace}/walm-digest-key.key`,
      };
      return ears.walm('PUT', `/api/v1/release/${namespace}`, { name: random.pick(releases), outputs });
    },
  },
  {
    name: 'patches pods to do more than they may',
    play({ namespace, random, releases, ears }) {
      const name = random.pick(releases);
      const patches = [{ target: { kind: 'Deployment', name }, type: 'json', patch: random.pick(PATCHES) }];
      const plugins = [{ name: 'CustomPatch', args: JSON.stringify({ patches }) }];
      return ears.walm('PUT', `/api/v1/release/${namespace}`, { name, plugins });
    },
  },
  {
    name: 'makes a project of releases, and deletes it',
    async play({ namespace, random, ears }) {
      const path = `/api/v1/project/${namespace}/name/${random.pick(['own', 'theirs'])}`;
      const releases = [{ name: 'part', chartName: 'modest' }];
      await ears.walm('POST', path, { commonValues: { a: 1 }, releases });
      await ears.walm('DELETE', path);
    },
  },
  {
    name: 'installs where it may not',
    async play({ random, targets, systemNamespace, namespace, ears }) {
      const places = [random.pick(targets).namespace, systemNamespace, 'kube-system', `${namespace}-more`];
      for (const place of places) {
        const query = { createNamespace: true };
        await ears.walm('POST', `/api/v1/release/${place}`, { name: 'mine', chartName: 'modest' }, query);
      }
    },
  },
  {
    name: 'sends what no client sends',
    async play({ namespace, random, ears }) {
      const deep = JSON.parse(`${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`) as object;
      const body = random.pick([
        { name: 'x', configValues: deep },
        { name: '../../walm-system', chartName: 'modest' },
        {
          name: 'x',
          configValues: JSON.parse('{"__proto__": {"admin": true}, "constructor": {"prototype": 1}}') as object,
        },
        { name: 'x', chartName: '..%2f..%2fmodest' },
        { name: 'x', chartImage: 'oci+http://169.254.169.254/latest/meta-data' },
        { name: 'x'.repeat(100_000) },
      ]);
      return ears.walm('POST', `/api/v1/release/${namespace}`, body);
    },
  },
];
