import { gunzipSync, gzipSync } from 'node:zlib';

import type { KubeClient } from './kube-client.ts';
import type { WalmApi } from './walm-api.ts';
import { RECORD_SECRET_TYPE, recordName } from '../../../server/domain/names/helm-record-name.ts';

/** How many releases of how many revisions to write. */
export interface SeedSize {
  releases: number;
  revisions: number;
}

/** The text that every seeded record is a copy of: Helm's JSON, with placeholders for name, namespace and label. */
export type RecordTemplate = string;

const NAME = 'seed-release-name';
const NAMESPACE = 'seed-release-namespace';
const SHELF = 'seed-shelf-label';
const PER_NAMESPACE = 100;
const SHELVES = 10;
const IN_FLIGHT = 24;

/** Namespace and name of a seeded release, and the value of its label `shelf`. */
export function seededRelease(i: number): { namespace: string; name: string; shelf: string } {
  const namespace = `seed-${String(Math.floor(i / PER_NAMESPACE)).padStart(3, '0')}`;
  return { namespace, name: `app-${String(i).padStart(5, '0')}`, shelf: `s${i % SHELVES}` };
}

/** Installs a chart through the API, reads the record, and removes the release again. */
export async function makeRecordTemplate(api: WalmApi, kube: KubeClient, archive: Buffer): Promise<RecordTemplate> {
  const body = { name: NAME, releaseLabels: { shelf: SHELF } };
  await api.mustInstall({ namespace: NAMESPACE, body, archive, query: { createNamespace: true } });
  const answer = await kube.call('GET', `/api/v1/namespaces/${NAMESPACE}/secrets/${recordName(NAME, 1)}`);
  const { data } = answer.body as unknown as { data: { release: string } };
  await api.remove(NAMESPACE, NAME);
  return gunzipSync(Buffer.from(Buffer.from(data.release, 'base64').toString(), 'base64')).toString();
}

/** Writes the records, the newest revision deployed and the others superseded, without any of their objects. */
export async function seedReleases(kube: KubeClient, template: RecordTemplate, size: SeedSize): Promise<void> {
  const namespaces = new Set(Array.from({ length: size.releases }, (_, i) => seededRelease(i).namespace));
  for (const name of namespaces) {
    await kube.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < size.releases) {
      const i = next;
      next += 1;
      for (let revision = 1; revision <= size.revisions; revision += 1) {
        await kube.create(...recordOf(template, i, revision, revision === size.revisions));
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}

/** Writes one more revision of a seeded release, as an upgrade would. */
export async function addRevision(kube: KubeClient, template: RecordTemplate, i: number, revision: number) {
  await kube.create(...recordOf(template, i, revision, true));
}

function recordOf(template: RecordTemplate, i: number, revision: number, newest: boolean): [string, object] {
  const { namespace, name, shelf } = seededRelease(i);
  const status = newest ? 'deployed' : 'superseded';
  const json = template
    .replaceAll(NAMESPACE, namespace)
    .replaceAll(NAME, name)
    .replaceAll(SHELF, shelf)
    .replace(/"version":1,"namespace":/, `"version":${revision},"namespace":`)
    .replace('"status":"deployed"', `"status":"${status}"`);
  const metadata = {
    name: recordName(name, revision),
    labels: { name, owner: 'helm', status, version: `${revision}`, modifiedAt: '1767225600' },
  };
  const release = Buffer.from(gzipSync(json, { level: 1 }).toString('base64')).toString('base64');
  return [
    `/api/v1/namespaces/${namespace}/secrets`,
    { apiVersion: 'v1', kind: 'Secret', type: RECORD_SECRET_TYPE, metadata, data: { release } },
  ];
}
