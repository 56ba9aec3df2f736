import { gunzipSync, gzipSync } from 'node:zlib';

import type { ClusterObject, KubeClient } from './kube-client.ts';
import { RECORD_SECRET_TYPE, recordName } from '../../../server/domain/names/helm-record-name.ts';

/** The payload of a record as Helm keeps it: JSON, compressed, in base64. */
export type RecordPayload = Record<string, unknown> & {
  name: string;
  namespace: string;
  version: number;
  manifest: string;
};

function statusOf(payload: RecordPayload): string {
  const { status } = (payload['info'] ?? {}) as { status?: unknown };
  return typeof status === 'string' ? status : 'deployed';
}

/** Records as a user with the right to edit a namespace reads and writes them, without Helm or Walm. */
export function createRecordEditor(kube: KubeClient) {
  const pathOf = (namespace: string, name = '') => `/api/v1/namespaces/${namespace}/secrets${name && `/${name}`}`;

  async function read(namespace: string, release: string, revision: number): Promise<ClusterObject> {
    const secret = await kube.find(pathOf(namespace, recordName(release, revision)));
    if (secret === undefined) throw new Error(`there is no revision ${revision} of ${namespace}/${release}`);
    return secret;
  }

  return {
    read,
    payloadOf(secret: ClusterObject): RecordPayload {
      const { release = '' } = secret['data'] as { release?: string };
      const packed = Buffer.from(Buffer.from(release, 'base64').toString(), 'base64');
      return JSON.parse(gunzipSync(packed).toString()) as RecordPayload;
    },
    /** Writes a record, replacing an existing one. Its label says the status that its payload says, unless told otherwise. */
    async write(
      namespace: string,
      release: string,
      revision: number,
      payload: RecordPayload,
      status = statusOf(payload),
    ): Promise<void> {
      const name = recordName(release, revision);
      if ((await kube.find(pathOf(namespace, name))) !== undefined) await kube.remove(pathOf(namespace, name));
      const packed = gzipSync(JSON.stringify(payload)).toString('base64');
      const labels = { name: release, owner: 'helm', status, version: String(revision) };
      await kube.create(pathOf(namespace), {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace, labels },
        type: RECORD_SECRET_TYPE,
        data: { release: Buffer.from(packed).toString('base64') },
      });
    },
    remove: (namespace: string, release: string, revision: number) =>
      kube.remove(pathOf(namespace, recordName(release, revision))),
  };
}
