import { gunzipSync } from 'node:zlib';

import type { HelmCli } from '../harness/programs/helm-cli.ts';
import type { KubeClient } from '../harness/clients/kube-client.ts';
import { RECORD_SECRET_TYPE } from '../../server/domain/names/helm-record-name.ts';

/** A revision as Helm's Secret holds it. */
export interface RecordedRevision {
  release: string;
  namespace: string;
  revision: number;
  status: string;
  description: string;
  manifest: string;
  /** Task that wrote it, as its ReleaseConfig says; empty for none. */
  task: string;
}

interface Payload {
  name: string;
  namespace: string;
  version: number;
  manifest: string;
  info: { status: string; description?: string };
}

/** Every revision that Helm has recorded in a namespace, oldest first, read without any code of the product. */
export async function recordedRevisions(kube: KubeClient, namespace: string): Promise<RecordedRevision[]> {
  const filter = encodeURIComponent(`type=${RECORD_SECRET_TYPE}`);
  const secrets = await kube.list(`/api/v1/namespaces/${namespace}/secrets?fieldSelector=${filter}`);
  return secrets
    .map((secret) => {
      const { release = '' } = secret['data'] as { release?: string };
      const twice = Buffer.from(Buffer.from(release, 'base64').toString(), 'base64');
      const { name, version, manifest, info } = JSON.parse(gunzipSync(twice).toString()) as Payload;
      const task = /walm\.io\/task: "?([^"\s]+)/.exec(manifest)?.[1] ?? '';
      const { status, description = '' } = info;
      return { release: name, namespace, revision: version, status, description, manifest, task };
    })
    .toSorted((a, b) => a.release.localeCompare(b.release) || a.revision - b.revision);
}

/** A release as `helm list` shows it. */
export interface ListedRelease {
  name: string;
  namespace: string;
  revision: number;
  status: string;
}

/** What the helm command lists in a namespace, in whatever state. */
export async function listedReleases(helm: HelmCli, namespace: string): Promise<ListedRelease[]> {
  const printed = await helm.run('list', '-n', namespace, '-o', 'json');
  const listed = JSON.parse(printed) as (Omit<ListedRelease, 'revision'> & { revision: string })[];
  return listed.map(({ name, namespace: at, revision, status }) => ({
    name,
    namespace: at,
    revision: Number(revision),
    status,
  }));
}
