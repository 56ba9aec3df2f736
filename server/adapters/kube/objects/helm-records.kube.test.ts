import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../../../test/harness/eventually.ts';
import { createHelmCli, type HelmCli } from '../../../../test/harness/programs/helm-cli.ts';
import { createKubeClient, type KubeClient } from '../../../../test/harness/clients/kube-client.ts';
import { createNamespace } from '../../../../test/harness/clients/test-namespace.ts';
import { helmRecordsConformance } from '../../../ports/helm/helm-records.conformance.ts';
import { systemClock } from '../../system/system-clock.ts';
import { createHelmRecords, type KubeHelmRecords } from './helm-records.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';

const NAMESPACE = 'helm-records';
const KEY = `${NAMESPACE}/web`;

let kube: KubeApi;
let client: KubeClient;
let helm: HelmCli;
let records: KubeHelmRecords;
const stop = new AbortController();
const reported: string[] = [];

beforeAll(async () => {
  const { kubeconfig } = inject('sandbox');
  kube = createKubeApi({ kubeconfig });
  client = createKubeClient(kubeconfig);
  helm = createHelmCli(kubeconfig);
  await createNamespace(client, NAMESPACE);
  await helm.run('create', 'web');
  records = createHelmRecords({ scope: [], kube, clock: systemClock, random: Math.random });
  records.subscribe((key) => reported.push(key));
  void records.run(stop.signal);
  await records.synced;
});

afterAll(async () => {
  stop.abort();
  await client.remove(`/api/v1/namespaces/${NAMESPACE}`);
  helm.close();
  client.close();
  kube.close();
});

/** What the records say, once the expected state is seen. */
function seen(wanted: string[]): Promise<void> {
  return eventually(() =>
    expect(records.revisions(KEY).map(({ revision, status }) => `${revision} ${status}`)).toEqual(wanted),
  );
}

describe("Helm's records", () => {
  it("follow what the helm command does, by each revision's status", async () => {
    await helm.run('install', 'web', 'web', '-n', NAMESPACE);
    await seen(['1 deployed']);
    await helm.run('upgrade', 'web', 'web', '-n', NAMESPACE, '--set', 'replicaCount=2');
    await seen(['1 superseded', '2 deployed']);
    await helm.run('rollback', 'web', '1', '-n', NAMESPACE);
    await seen(['1 superseded', '2 superseded', '3 deployed']);
    expect(records.latest(KEY)?.revision).toBe(3);
    expect(records.keys()).toContain(KEY);
    await helm.run('uninstall', 'web', '-n', NAMESPACE, '--keep-history');
    await seen(['1 superseded', '2 superseded', '3 uninstalled']);
    await helm.run('uninstall', 'web', '-n', NAMESPACE);
    await seen([]);
    expect(records.keys()).not.toContain(KEY);
    expect(new Set(reported)).toContain(KEY);
  });
});

helmRecordsConformance('the API server', async () => {
  const secrets = `/api/v1/namespaces/${NAMESPACE}/secrets`;
  const nameOf = (revision: number) => `sh.helm.release.v1.conforming.v${revision}`;
  return {
    records,
    key: `${NAMESPACE}/conforming`,
    async write(revision, status) {
      const labels = { owner: 'helm', name: 'conforming', version: String(revision), status };
      const secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'helm.sh/release.v1',
        metadata: { name: nameOf(revision), namespace: NAMESPACE, labels },
      };
      const found = await client.find(`${secrets}/${nameOf(revision)}`);
      await (found === undefined
        ? kube.create(secrets, secret)
        : kube.replace(`${secrets}/${nameOf(revision)}`, secret));
    },
    remove: (revision) => client.remove(`${secrets}/${nameOf(revision)}`),
  };
});
