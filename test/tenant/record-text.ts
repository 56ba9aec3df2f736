import { gunzipSync, gzipSync } from 'node:zlib';

import type { ClusterObject } from '../harness/clients/kube-client.ts';
import { RECORD_SECRET_TYPE, recordName } from '../../server/domain/names/helm-record-name.ts';

/** The parts of a revision's record that matter to a forger. */
export interface RecordContent {
  name: string;
  namespace: string;
  version: number;
  manifest: string;
  info: { status: string; [field: string]: unknown };
  config?: Record<string, unknown>;
  hooks?: unknown[];
  [field: string]: unknown;
}

/** Unpacks the Secret of a record. */
export function readRecord(secret: ClusterObject): RecordContent {
  const { release = '' } = (secret['data'] ?? {}) as { release?: string };
  const packed = Buffer.from(Buffer.from(release, 'base64').toString(), 'base64');
  return JSON.parse(gunzipSync(packed, { maxOutputLength: 64 * 1024 * 1024 }).toString()) as RecordContent;
}

/** Packs any text as Helm packs a record. */
export function packRecord(text: string | Buffer): string {
  return Buffer.from(gzipSync(text).toString('base64')).toString('base64');
}

/** The Secret of a record, whose name and labels may contradict its content. */
export function recordSecret(
  place: { name: string; version: number; status?: string },
  release: string,
): { apiVersion: string; kind: string; type: string; metadata: object; data: object } {
  const { name, version, status = 'deployed' } = place;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: RECORD_SECRET_TYPE,
    metadata: {
      name: recordName(name, version),
      labels: { name, owner: 'helm', status, version: `${version}`, modifiedAt: '1767225600' },
    },
    data: { release },
  };
}
