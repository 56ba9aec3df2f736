import type { Move } from '../move.ts';

/** Kinds of objects that honest namespaces have. */
const KINDS = [
  ['Secret', 'v1'],
  ['ConfigMap', 'v1'],
  ['ReleaseConfig', 'apiextensions.transwarp.io/v1beta1'],
] as const;

/** Requests about projects and about objects of the cluster: ordinary ones in the tenant's namespace, and elsewhere. */
export const moves: readonly Move[] = [
  {
    name: 'applies a project of its releases, and changes it as a whole',
    async play({ namespace, random, releases, ears }) {
      const path = `/api/v1/project/${namespace}/name/${random.pick(['own', 'theirs'])}`;
      const members = [random.pick(releases), 'part'].map((name) => ({ name, chartName: 'modest' }));
      const query = { adopt: true, remove: true, onFailure: random.pick(['stop', 'rollback']) };
      await ears.walm('PUT', path, { releases: members }, { plan: true });
      await ears.walm('PUT', path, { releases: members }, query);
      for (const verb of ['pause', 'recover', 'restart']) await ears.walm('POST', `${path}/${verb}`);
      await ears.walm('GET', `${path}/export`, undefined, { secrets: true });
    },
  },
  {
    name: 'reads objects, events, chart and past of a release',
    async play({ namespace, random, releases, targets, systemNamespace, ears }) {
      const name = random.pick(releases);
      const base = `/api/v1/release/${namespace}/name/${name}`;
      const target = random.pick(targets);
      const [kind, apiVersion] = random.pick(KINDS);
      for (const objectNamespace of [namespace, target.namespace, systemNamespace]) {
        for (const one of [name, target.secret, target.release, 'walm-seal-key']) {
          await ears.walm('GET', `${base}/object`, undefined, { kind, apiVersion, name: one, objectNamespace });
        }
      }
      for (const look of ['/events', '/chart']) await ears.walm('GET', `${base}${look}`);
      await ears.walm('GET', '/api/v1/events/past');
    },
  },
  {
    name: 'writes records and keys as Secrets',
    async play({ namespace, random, releases, ears }) {
      const base = `/api/v1/secret/${namespace}`;
      const record = `sh.helm.release.v1.${random.pick(releases)}.v1`;
      const name = random.pick([record, 'walm-seal-key', 'plain']);
      const type = random.pick(['helm.sh/release.v1', 'walm.io/task.v1', 'walm.io/chart.v1', 'Opaque']);
      const body = { name, type, data: { release: 'H4sIAAAAAAAA', key: 'a2V5' } };
      for (const method of ['POST', 'PUT'] as const) await ears.walm(method, base, body);
      for (const method of ['GET', 'DELETE'] as const) await ears.walm(method, `${base}/name/${name}`);
    },
  },
  {
    name: 'reads and changes objects of somebody else',
    async play({ random, targets, systemNamespace, ears }) {
      const { namespace, release, secret } = random.pick(targets);
      for (const place of [namespace, systemNamespace, 'kube-system']) {
        const secrets = `/api/v1/secret/${place}`;
        await ears.walm('GET', secrets);
        await ears.walm('GET', `${secrets}/name/${secret}`);
        await ears.walm('PUT', secrets, { name: secret, data: { password: 'bWluZQ==' } });
        await ears.walm('POST', secrets, { name: 'mine' });
        await ears.walm('DELETE', `${secrets}/name/${secret}`);
        await ears.walm('DELETE', `/api/v1/pvc/${place}`, undefined, { labelselector: `app=${release}` });
        await ears.walm('GET', `/api/v1/pod/${place}`);
        await ears.walm('POST', `/api/v1/pod/${place}/name/${release}-0/restart`, undefined, { force: true });
        await ears.walm('PUT', `/api/v1/tenant/${place}`, { tenantLabels: { owner: 'tenant' } });
        await ears.walm('DELETE', `/api/v1/tenant/${place}`);
        await ears.walm('PUT', `/api/v1/project/${place}/name/own`, { releases: [{ name: release }] }, { adopt: true });
      }
    },
  },
];
