import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { eventually } from '../../../../test/harness/eventually.ts';
import { openGate } from '../../../../test/harness/fakes/open-gate.ts';
import { MAX_REPOSITORIES, type NewRepository, type RepositoryStore } from '../../../ports/helm/repository-store.ts';
import { systemClock } from '../../system/system-clock.ts';
import { fenceKube } from '../client/fenced-kube.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { resourcePath } from '../client/resource-path.ts';
import { createKubeRepositoryStore } from './repository-store.ts';
import { REPOSITORY_SECRET_TYPE, repositorySecretName } from './repository-secret.ts';

const stop = new AbortController();
let kube: KubeApi;
let count = 0;

beforeAll(() => {
  kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig, inCluster: false });
});
afterAll(() => {
  stop.abort();
  kube.close();
});

const team: NewRepository = {
  name: 'team',
  url: 'https://charts.example/team',
  access: {
    username: 'reader',
    password: 'pä ss',
    caPem: 'PEM',
    insecureSkipTlsVerify: true,
    passCredentialsAll: true,
  },
};
const hub: NewRepository = { name: 'hub', url: 'oci://hub.example/charts', access: { bearerToken: 't' } };
const names = (store: RepositoryStore) => store.all().map(({ name }) => name);

/** A new, empty store, a second view of it, and a way to write past it; all run until the tests end. */
async function opened() {
  const namespace = `repositories-${count++}`;
  await kube.create(resourcePath({ group: '', version: 'v1', plural: 'namespaces' }), {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  const nothing = () => {};
  const given = { clock: systemClock, random: Math.random, namespace, onError: nothing, onRefused: nothing };
  const openOne = async () => {
    const store = createKubeRepositoryStore({ ...given, kube: fenceKube(kube) });
    void store.run(stop.signal);
    await store.synced();
    return openGate('repositories', store);
  };
  const [store, other] = await Promise.all([openOne(), openOne()]);
  return {
    store,
    other,
    async write(name: string, stringData: Record<string, string>) {
      await kube.create(resourcePath({ group: '', version: 'v1', plural: 'secrets' }, namespace), {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: repositorySecretName(name) },
        type: REPOSITORY_SECRET_TYPE,
        stringData,
      });
    },
  };
}

test('keeps what is added, for every replica, and the same object as long as nothing changes', async () => {
  const { store, other } = await opened();
  expect(await store.add(team, null)).toMatchObject({ ...team, origin: 'runtime' });
  const [kept] = store.all();
  expect(await store.add({ ...team, url: 'https://elsewhere.example' }, null)).toBeNull();
  await store.add(hub, null);
  await eventually(() => expect(names(other)).toEqual(['hub', 'team']), { everyMs: 20 });
  expect(other.all()[1]).toMatchObject({ ...team, address: { prefix: 'https://charts.example/team' } });
  expect(store.all()[1]).toBe(kept);
});

test('forgets what is removed, and says whether there was anything', async () => {
  const { store, other } = await opened();
  await store.add(team, null);
  await eventually(() => expect(names(other)).toEqual(['team']), { everyMs: 20 });
  expect(await other.remove('team', null)).toBe(true);
  expect(names(other)).toEqual([]);
  await eventually(() => expect(names(store)).toEqual([]), { everyMs: 20 });
  expect(await store.remove('team', null)).toBe(false);
});

test('refuses what somebody else wrote wrongly, without its values, and it can be removed', async () => {
  const { store, write } = await opened();
  await write('bad', { url: 'ftp://secret.example' });
  await write('query', { url: 'https://charts.example?sig=secret' });
  await write('lines', { url: 'https://charts.example', token: 'secret\r\nX-Evil: 1' });
  await write('huge', { url: 'https://charts.example', password: 'secret'.repeat(60_000) });
  await write('search', { url: 'https://charts.example' });
  await write('good', { url: 'https://me:secret@charts.example', insecureSkipTlsVerify: 'yes' });
  const refused = ['bad', 'huge', 'lines', 'query', 'search'];
  await eventually(() => expect(names(store)).toEqual(['good']), { everyMs: 20 });
  await eventually(
    () =>
      expect(
        store
          .refused()
          .map((entry) => entry.name.replace('walm-repository-', ''))
          .toSorted(),
      ).toEqual(refused),
    { everyMs: 20 },
  );
  expect(JSON.stringify(store.refused())).not.toMatch(/secret|Evil/);
  expect(store.all()[0]).toMatchObject({
    url: 'https://charts.example',
    access: { username: 'me', password: 'secret' },
  });
  expect(await store.remove('bad', null)).toBe(true);
  expect(store.refused().map((entry) => entry.name)).not.toContain('bad');
});

test(`holds no more than ${MAX_REPOSITORIES}`, async () => {
  const { store, write } = await opened();
  const all = Array.from({ length: MAX_REPOSITORIES + 3 }, (_, at) => `repo-${String(at).padStart(3, '0')}`);
  for (const one of all) await write(one, { url: 'https://charts.example' });
  await eventually(() => expect(store.all().length).toBe(MAX_REPOSITORIES), { everyMs: 20 });
  expect(store.all().length + store.refused().length).toBe(MAX_REPOSITORIES);
});
