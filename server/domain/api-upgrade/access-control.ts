import type { JsonObject } from '../json/json.ts';
import { asString } from '../json/json-reading.ts';
import type { Conversion } from './conversion.ts';
import { mapList, withDefaults, without } from './with-defaults.ts';

const GROUP = 'rbac.authorization.k8s.io';
const FROM = [`${GROUP}/v1alpha1`, `${GROUP}/v1beta1`];
const TO = [`${GROUP}/v1`];

/** `v1alpha1` gave a subject's API as a version, and all users as the user `*`. */
function convertSubject(subject: JsonObject): JsonObject {
  if (subject['kind'] === 'User' && subject['name'] === '*') {
    return { kind: 'Group', apiGroup: GROUP, name: 'system:authenticated' };
  }
  const apiVersion = asString(subject['apiVersion']);
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const written = without(subject, 'apiVersion');
  return group === '' ? written : withDefaults(written, { apiGroup: group });
}

function convertBinding(object: JsonObject, from: string): JsonObject {
  return from.endsWith('/v1alpha1') ? mapList(object, 'subjects', convertSubject) : object;
}

/** Roles and bindings, withdrawn in 1.22. */
export const accessConversions: readonly Conversion[] = [
  { kind: 'Role', from: FROM, to: TO },
  { kind: 'ClusterRole', from: FROM, to: TO },
  { kind: 'RoleBinding', from: FROM, to: TO, convert: convertBinding },
  { kind: 'ClusterRoleBinding', from: FROM, to: TO, convert: convertBinding },
];
