import type { ClusterView } from '../cluster-view.ts';
import { asNumber, asObjects, asString, valueAt } from '../json-reading.ts';
import { groupKind, type ObjectRef, specOf } from '../kube-object.ts';

/** Claims that a StatefulSet's controller made from its templates: `<template>-<set>-<ordinal>`. */
function claimsOf(view: ClusterView, ref: ObjectRef): ObjectRef[] {
  const statefulSet = view.get(ref);
  if (statefulSet === undefined) {
    return [];
  }
  const spec = specOf(statefulSet);
  const first = asNumber(valueAt(spec, 'ordinals', 'start'));
  const ordinals = Array.from({ length: asNumber(spec['replicas'], 1) }, (_, index) => first + index);
  return asObjects(spec['volumeClaimTemplates'])
    .map((template) => asString(valueAt(template, 'metadata', 'name')))
    .flatMap((template) => ordinals.map((ordinal) => `${template}-${ref.name}-${ordinal}`))
    .map((name) => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: ref.namespace, name }))
    .filter((claim) => view.get(claim) !== undefined);
}

/** The objects of a release and, where they exist, the claims of its StatefulSets, which no manifest names. */
export function withClaims(view: ClusterView, objects: readonly ObjectRef[]): ObjectRef[] {
  const statefulSets = objects.filter(({ apiVersion, kind }) => groupKind(apiVersion, kind) === 'StatefulSet.apps');
  return [...objects, ...statefulSets.flatMap((ref) => claimsOf(view, ref))];
}
