import { beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../domain/json/json.ts';
import type { DocumentsOrigin, ManifestDocument } from '../../domain/kube/manifest-document.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { createMemoryHelm, type MemoryHelm } from './helm-releases.ts';
import { createManualClock } from './manual-clock.ts';

const web = { identity: null, namespace: 'shop', name: 'web' };
const times = { timeoutMs: 1000, crds: 'create' } as const;
const upgrade = { ...web, ...times, chart: 'abc', maxHistory: 2 };
const rewrite = { ...web, releaseConfig: null, timeoutMs: 1000, maxHistory: 0, hooks: 'none' } as const;

function document(apiVersion: string, kind: string, object: JsonObject = {}): ManifestDocument {
  const head = { apiVersion, kind, metadata: { name: 'web' } };
  return {
    index: 0,
    source: 'web/a.yaml',
    apiVersion,
    kind,
    namespace: 'shop',
    name: 'web',
    object: { ...head, ...object },
  };
}

let helm: MemoryHelm;
let asked: { documents: readonly ManifestDocument[]; origin: DocumentsOrigin }[];
/** Removes the first document and adds a Secret. */
const run = (documents: readonly ManifestDocument[], origin: DocumentsOrigin) => {
  asked.push({ documents, origin });
  const added = [document('v1', 'Secret').object];
  return { changed: [{ index: 0, object: null }], added, warnings: [{ code: 'TEST', message: 'careful' }] };
};
const kinds = (release: { objects: ManifestDocument[] } | null) => release?.objects.map(({ kind }) => kind);
const statuses = async () => (await helm.releaseHistory(web)).map(({ status }) => status);

beforeEach(async () => {
  asked = [];
  helm = createMemoryHelm(createManualClock());
  const hook = { ...document('batch/v1', 'Job'), hook: { events: ['pre-delete'], weight: 0, deletePolicies: [] } };
  const render = (values: JsonObject) => [document('apps/v1', 'Deployment', { spec: values }), hook];
  helm.chart('abc', { name: 'web', version: '1.2.3', render });
  await helm.install({ ...web, ...times, chart: 'abc', values: { replicas: 1 }, labels: { team: 'red' } });
});

test('a chart renders objects and hooks', async () => {
  expect(await helm.getRelease(web)).toMatchObject({
    chartVersion: '1.2.3',
    objects: [{ kind: 'Deployment', object: { spec: { replicas: 1 } } }],
    hooks: [{ kind: 'Job', events: ['pre-delete'] }],
  });
});

describe('an upgrade', () => {
  test('supersedes, keeps so much history, and refuses what Helm refuses', async () => {
    await helm.upgrade({ ...upgrade, values: {} });
    await helm.upgrade({ ...upgrade, values: {}, expectedRevision: 2 });
    expect(await statuses()).toEqual(['superseded', 'deployed']);
    const mismatch = helm.upgrade({ ...upgrade, values: {}, expectedRevision: 2 });
    await expect(mismatch).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
    const missing = helm.upgrade({ ...upgrade, name: 'none', values: {} });
    await expect(missing).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
  });

  test('that is interrupted stays pending and locks the release', async () => {
    helm.interruptNext(() => problem('ENGINE_STOPPED', 'it died'));
    await expect(helm.upgrade({ ...upgrade, values: {} })).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    expect(await statuses()).toEqual(['deployed', 'pending-upgrade']);
    await expect(helm.rewriteRelease(rewrite)).rejects.toMatchObject({ code: 'RELEASE_LOCKED' });
    await helm.settle({ ...web, revision: 2, description: 'it died' });
    expect(kinds(await helm.rewriteRelease(rewrite))).toEqual(['Deployment']);
  });

  test('asks the transform always, or only for what is not served', async () => {
    const values = {};
    await helm.upgrade({ ...upgrade, values, transform: { always: false, run } });
    expect(asked).toEqual([]);
    helm.unserve('apps/v1', 'Deployment');
    const made = await helm.upgrade({ ...upgrade, values, transform: { always: false, run } });
    expect(asked[0]?.documents.map(({ index, kind }) => [index, kind])).toEqual([
      [0, 'Deployment'],
      [1, 'Job'],
    ]);
    expect(asked[0]?.origin.recorded).toBe(false);
    expect(asked[0]?.origin.served('apps/v1', 'Deployment')).toBe(false);
    expect(kinds(made)).toEqual(['Secret']);
    expect(made.warnings).toEqual([{ code: 'TEST', message: 'careful' }]);
    expect((await helm.getRelease(web))?.warnings).toEqual([]);
  });
});

test('a rewrite takes the documents of its base and keeps values and labels unless others are given', async () => {
  await helm.upgrade({ ...upgrade, maxHistory: 0, values: { replicas: 2 }, labels: { team: 'blue' } });
  const releaseConfig = document('apiextensions.transwarp.io/v1beta1', 'ReleaseConfig').object;
  const back = await helm.rewriteRelease({ ...rewrite, base: 1, releaseConfig, description: 'rolled back' });
  expect(back).toMatchObject({ revision: 3, config: { replicas: 1 }, labels: { team: 'blue' }, releaseConfig });
  expect(kinds(back)).toEqual(['Deployment', 'ReleaseConfig']);
  const values = { replicas: 7 };
  const changed = await helm.rewriteRelease({ ...rewrite, values, transform: { always: true, run } });
  expect(asked[0]?.origin.recorded).toBe(true);
  expect(changed).toMatchObject({ config: values, releaseConfig: null, hooks: [{ kind: 'Job' }] });
  expect(kinds(changed)).toEqual(['Secret']);
  expect(await statuses()).toEqual(['superseded', 'superseded', 'superseded', 'deployed']);
});
