import type { ReleaseObject } from '../../../contract/schemas/cluster/release-object.ts';
import { asObject } from '../json/json-reading.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { groupKind, type KubeObject } from '../kube/kube-object.ts';

const HIDDEN = '***';
/** kubectl's copy of the whole object, with everything that is hidden elsewhere. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const SECRET_FIELDS = ['data', 'stringData'] as const;

/** An object of the cluster as the API shows it whole; `mask` hides the secrets of its release. */
export function describeObject(object: KubeObject, mask: (value: JsonValue) => JsonValue): ReleaseObject {
  const { apiVersion, kind } = object;
  const { name, namespace = '' } = object.metadata;
  const json = object as unknown as JsonObject;
  const { managedFields: _written, annotations, ...metadata } = asObject(json['metadata']);
  const { [LAST_APPLIED]: _copy, ...shown } = asObject(annotations);
  const whole: JsonObject = {
    ...json,
    metadata: { ...metadata, ...(isJsonObject(annotations) && { annotations: shown }) },
    ...(groupKind(apiVersion, kind) === 'Secret' && hiddenValues(json)),
  };
  return { apiVersion, kind, namespace, name, object: asObject(mask(whole)) };
}

function hiddenValues(secret: JsonObject): JsonObject {
  return Object.fromEntries(
    SECRET_FIELDS.flatMap((field) => {
      const values = secret[field];
      return isJsonObject(values) ? [[field, Object.fromEntries(Object.keys(values).map((key) => [key, HIDDEN]))]] : [];
    }),
  );
}
