import { gunzipSync, gzipSync } from 'node:zlib';

import type { Place } from './place.ts';
import { RECORD_SECRET_TYPE, recordName } from '../../server/domain/names/helm-record-name.ts';

/** Leaves the release `app` like a helm command that was killed during an upgrade: its next revision is pending. */
export async function leavePending({ world, namespace }: Place): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  const first = await world.kube.find(`${path}/${recordName('app', 1)}`);
  if (first === undefined) throw new Error(`${namespace}/app has no first revision`);
  const { release } = first['data'] as { release: string };
  const packed = Buffer.from(Buffer.from(release, 'base64').toString(), 'base64');
  const record = JSON.parse(gunzipSync(packed).toString()) as { info: object };
  const pending = { ...record, version: 2, info: { ...record.info, status: 'pending-upgrade' } };
  const again = gzipSync(JSON.stringify(pending)).toString('base64');
  await world.kube.create(path, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: RECORD_SECRET_TYPE,
    metadata: {
      name: recordName('app', 2),
      labels: { ...first.metadata.labels, version: '2', status: 'pending-upgrade' },
    },
    data: { release: Buffer.from(again).toString('base64') },
  });
}
