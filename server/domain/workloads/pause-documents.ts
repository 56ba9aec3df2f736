import type { ObjectRef } from '../../../contract/schemas/warning.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { valueAt } from '../json/json-reading.ts';
import { parseApiVersion, placeOf } from '../kube/kube-object.ts';
import type { ManifestDocument } from '../kube/manifest-document.ts';

/** The field of a workload that pausing changes. */
export type PausedField = 'replicas' | 'suspend' | 'nodeSelector';

/** The original values of a paused object, which a recovery restores. */
export type PausedObject = {
  kind: string;
  namespace: string;
  name: string;
  field: PausedField;
  /** Absent if the manifest did not have the field. */
  value?: JsonValue;
};

/** How to pause. */
export type PauseRules = {
  /** False: DaemonSets are not paused (option `pauseDaemonSets`). */
  daemonSets: boolean;
  /** Whether the Job is complete or failed, or has deleted itself after that: then there is nothing to suspend. */
  isFinishedJob: (ref: ObjectRef, object: JsonObject) => boolean;
};

/** Documents with the result of pausing or recovering; `paused` is needed to recover. */
export type PausedDocuments = {
  changed: { index: number; object: JsonObject }[];
  paused: PausedObject[];
  /** Objects that may keep running: pausing cannot stop them. */
  notPaused: ObjectRef[];
};

/** Label that no node has: a DaemonSet that selects it runs nowhere. */
const NO_NODE = 'walm.io/paused';

const PATHS: Readonly<Record<PausedField, readonly string[]>> = {
  replicas: ['spec', 'replicas'],
  suspend: ['spec', 'suspend'],
  nodeSelector: ['spec', 'template', 'spec', 'nodeSelector'],
};

const FIELDS: Readonly<Record<string, PausedField>> = {
  Deployment: 'replicas',
  StatefulSet: 'replicas',
  ReplicaSet: 'replicas',
  CronJob: 'suspend',
  Job: 'suspend',
  DaemonSet: 'nodeSelector',
};

const WORKLOAD_GROUPS = new Set(['apps', 'extensions', 'batch']);

/** Groups whose objects run nothing themselves; an autoscaler ignores workloads without replicas. */
const PASSIVE_GROUPS = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiextensions.transwarp.io',
  'apiregistration.k8s.io',
  'autoscaling',
  'discovery.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);
const RUNNING_CORE_KINDS = new Set(['Pod', 'ReplicationController']);

/**
 * Pauses the workloads of a release (decision 33: what pause stops): Deployments, StatefulSets and ReplicaSets are
 * scaled to 0, CronJobs and unfinished Jobs are suspended, DaemonSets select a node that does not exist. Hooks and
 * everything else stay as they are. `recoverDocuments` reverts it.
 */
export function pauseDocuments(documents: readonly ManifestDocument[], rules: PauseRules): PausedDocuments {
  const result: PausedDocuments = { changed: [], paused: [], notPaused: [] };
  for (const document of documents) {
    if (document.hook !== undefined) {
      continue;
    }
    const { apiVersion, kind, namespace, name, object, index } = document;
    const ref = { apiVersion, kind, namespace, name };
    const field = fieldOf(document, rules);
    if (field === undefined || !isJsonObject(valueAt(object, ...PATHS[field].slice(0, -1)))) {
      if (mayRun(document)) {
        result.notPaused.push(ref);
      }
      continue;
    }
    const value = valueAt(object, ...PATHS[field]);
    const stopped = stoppedValue(field, value);
    const isDone = kind === 'Job' && rules.isFinishedJob(ref, object);
    if (value !== stopped && !isDone) {
      result.changed.push({ index, object: withValue(object, PATHS[field], stopped) });
      result.paused.push({ kind, namespace, name, field, ...(value !== undefined && { value }) });
    }
  }
  return result;
}

/**
 * Restores the original values of paused objects. A field that was changed since then stays as it is: only the effect
 * of pausing is reverted.
 */
export function recoverDocuments(
  documents: readonly ManifestDocument[],
  paused: readonly PausedObject[],
): { index: number; object: JsonObject }[] {
  const remembered = new Map(paused.map((entry) => [placeOf(entry), entry]));
  return documents.flatMap((document) => {
    const entry = document.hook === undefined ? remembered.get(placeOf(document)) : undefined;
    if (entry === undefined) {
      return [];
    }
    const path = PATHS[entry.field];
    const value = valueAt(document.object, ...path);
    if (!isStopped(entry.field, value)) {
      return [];
    }
    return [{ index: document.index, object: withValue(document.object, path, restored(entry, value)) }];
  });
}

function fieldOf({ apiVersion, kind }: ManifestDocument, { daemonSets }: PauseRules): PausedField | undefined {
  const isWorkload = WORKLOAD_GROUPS.has(parseApiVersion(apiVersion).group);
  return isWorkload && (daemonSets || kind !== 'DaemonSet') && Object.hasOwn(FIELDS, kind) ? FIELDS[kind] : undefined;
}

function mayRun({ apiVersion, kind }: ManifestDocument): boolean {
  const { group } = parseApiVersion(apiVersion);
  return group === '' ? RUNNING_CORE_KINDS.has(kind) : !PASSIVE_GROUPS.has(group) && kind !== 'Ingress';
}

/** The paused value of a field; the same value if there is nothing to do. */
function stoppedValue(field: PausedField, value: JsonValue | undefined): JsonValue | undefined {
  switch (field) {
    case 'replicas':
      return 0;
    case 'suspend':
      return true;
    case 'nodeSelector':
      return isStopped(field, value) ? value : { ...(isJsonObject(value) ? value : {}), [NO_NODE]: 'true' };
    default:
      return field satisfies never;
  }
}

function isStopped(field: PausedField, value: JsonValue | undefined): boolean {
  return field === 'nodeSelector'
    ? isJsonObject(value) && Object.hasOwn(value, NO_NODE)
    : value === stoppedValue(field, value);
}

function restored({ field, value }: PausedObject, now: JsonValue | undefined): JsonValue | undefined {
  if (field !== 'nodeSelector' || !isJsonObject(now)) {
    return value;
  }
  const { [NO_NODE]: _mark, ...selector } = now;
  return Object.keys(selector).length === 0 ? value : selector;
}

/** A copy with another value at the path, whose parents exist; undefined removes the field. */
function withValue(
  object: JsonObject,
  [step = '', ...rest]: readonly string[],
  value: JsonValue | undefined,
): JsonObject {
  if (rest.length > 0) {
    const child = object[step];
    return isJsonObject(child) ? { ...object, [step]: withValue(child, rest, value) } : object;
  }
  if (value !== undefined) {
    return { ...object, [step]: value };
  }
  const { [step]: _gone, ...others } = object;
  return others;
}
