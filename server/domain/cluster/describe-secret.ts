import type { ClusterSecret } from '../../../contract/schemas/cluster/secret.ts';
import { asString, asTextMap } from '../json/json-reading.ts';
import { fieldOf, type KubeObject, refOf } from '../kube/kube-object.ts';
import { metaOf, READY } from '../status/resource-state.ts';
import { RECORD_SECRET_TYPE } from '../names/helm-record-name.ts';

const HIDDEN = '***';

/** The types of Secrets in which Helm and Walm keep most. */
export const INTERNAL_TYPES = [RECORD_SECRET_TYPE, 'walm.io/chart.v1', 'walm.io/task.v1'] as const;

/** Whether Helm or Walm keep in it what is theirs: records, archives of charts, tasks. */
export function isInternalSecret(secret: KubeObject): boolean {
  return isInternalType(asString(fieldOf(secret, 'type')));
}

/** Whether a Secret of this type is Helm's or Walm's. */
export function isInternalType(type: string): boolean {
  return type.startsWith('helm.sh/') || type.startsWith('walm.io/');
}

/** A Secret as the API shows it: its values only if they are asked for, and none of an internal one. */
export function describeSecret(secret: KubeObject, { values }: { values: boolean }): ClusterSecret {
  const data = Object.entries(asTextMap(secret.data));
  const isShown = values && !isInternalSecret(secret);
  const read = data.map(([key, base64]) => ({ key, text: isShown ? textOf(base64) : HIDDEN, base64 }));
  return {
    ...metaOf({ ...refOf(secret), kind: 'Secret' }, READY),
    data: Object.fromEntries(read.map(({ key, text, base64 }) => [key, text ?? base64])),
    base64Keys: read.flatMap(({ key, text }) => (text === null ? [key] : [])),
    type: asString(fieldOf(secret, 'type')),
    immutable: fieldOf(secret, 'immutable') === true,
    createdAt: secret.metadata.creationTimestamp ?? '',
  };
}

/** Null if it is not UTF-8 text. */
function textOf(base64: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return null;
  }
}
