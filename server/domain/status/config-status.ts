import type { ConfigMapStatus, SecretStatus } from '../../../contract/schemas/release-resources.ts';
import { asString, asTextMap } from '../json/json-reading.ts';
import { fieldOf, type KubeObject, type ObjectRef } from '../kube/kube-object.ts';
import { type Described, metaOf, notFound, READY, stateOf } from './resource-state.ts';

const SECRET_VALUE = '***';

/** A ConfigMap is ready if it exists. */
export function describeConfigMap(ref: ObjectRef, configMap: KubeObject | undefined): Described<ConfigMapStatus> {
  return configMap === undefined
    ? { shown: { ...metaOf(ref, stateOf('NotFound')), data: null }, waitingFor: [notFound(ref)] }
    : { shown: { ...metaOf(ref, READY), data: asTextMap(configMap.data) }, waitingFor: [] };
}

/** A Secret is ready if it exists. Only its keys are shown (decision 24: secret data is masked). */
export function describeSecret(ref: ObjectRef, secret: KubeObject | undefined): Described<SecretStatus> {
  if (secret === undefined) {
    return { shown: { ...metaOf(ref, stateOf('NotFound')), data: null, type: '' }, waitingFor: [notFound(ref)] };
  }
  const keys = Object.keys(asTextMap(secret.data));
  const data = Object.fromEntries(keys.map((key) => [key, SECRET_VALUE]));
  return { shown: { ...metaOf(ref, READY), data, type: asString(fieldOf(secret, 'type')) }, waitingFor: [] };
}
