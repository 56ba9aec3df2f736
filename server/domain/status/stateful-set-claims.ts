import type { ClusterView } from '../kube/cluster-view.ts';
import { asNumber, asObjects, asString, valueAt } from '../json/json-reading.ts';
import { groupKind, type ObjectRef, specOf } from '../kube/kube-object.ts';
import type { PresentRef } from './passing-jobs.ts';

/** Maximum replicas whose claims are looked up: a StatefulSet may claim to have two billion. */
const MAX_REPLICAS = 1_000;
/** Maximum claim templates that are considered. */
const MAX_TEMPLATES = 16;

/** Claims that a StatefulSet's controller created from its templates: `<template>-<set>-<ordinal>`. */
function claimsOf(view: ClusterView, ref: ObjectRef): ObjectRef[] {
  const statefulSet = view.get(ref);
  if (statefulSet === undefined) {
    return [];
  }
  const spec = specOf(statefulSet);
  const first = asNumber(valueAt(spec, 'ordinals', 'start'));
  const replicas = Math.min(Math.max(0, Math.floor(asNumber(spec['replicas'], 1))), MAX_REPLICAS);
  const ordinals = Array.from({ length: replicas }, (_, index) => first + index);
  return asObjects(spec['volumeClaimTemplates'])
    .slice(0, MAX_TEMPLATES)
    .map((template) => asString(valueAt(template, 'metadata', 'name')))
    .flatMap((template) => ordinals.map((ordinal) => `${template}-${ref.name}-${ordinal}`))
    .map((name) => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: ref.namespace, name }))
    .filter((claim) => view.get(claim) !== undefined);
}

/** The objects of a release and the existing claims of its StatefulSets, which no manifest contains. */
export function withClaims(view: ClusterView, objects: readonly PresentRef[]): PresentRef[] {
  const statefulSets = objects.filter(({ apiVersion, kind }) => groupKind(apiVersion, kind) === 'StatefulSet.apps');
  return [...objects, ...statefulSets.flatMap((ref) => claimsOf(view, ref))];
}
