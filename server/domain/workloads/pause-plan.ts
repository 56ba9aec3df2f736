import type { ClusterView } from '../kube/cluster-view.ts';
import type { JsonObject } from '../json/json.ts';
import { asNumber, asObject } from '../json/json-reading.ts';
import { conditionOf, type ObjectRef, specOf } from '../kube/kube-object.ts';
import type { ManifestDocument, TransformDocuments } from '../kube/manifest-document.ts';
import { pauseDocuments, type PausedObject, type PauseRules, recoverDocuments } from './pause-documents.ts';
import { removesItself } from '../status/passing-jobs.ts';
import { type LiveCount, type PauseState, pauseToJson } from './pause-state.ts';

/**
 * How to pause a release in the present state of the cluster: finished Jobs stay as they are. A Job among `recorded`,
 * the objects of the applied revision, that deletes itself and is missing counts as finished, too.
 */
export function pauseRules(
  view: ClusterView,
  daemonSets: boolean,
  recorded: readonly Pick<ObjectRef, 'kind' | 'namespace' | 'name'>[],
): PauseRules {
  const isFinishedJob = (ref: ObjectRef, object: JsonObject) => {
    const job = view.get(ref);
    if (job === undefined) {
      const isRecorded = ({ kind, namespace, name }: (typeof recorded)[number]) =>
        kind === ref.kind && namespace === ref.namespace && name === ref.name;
      return removesItself(ref, object) && recorded.some(isRecorded);
    }
    return ['Complete', 'Failed'].some((condition) => conditionOf(job, condition)?.status === 'True');
  };
  return { daemonSets, isFinishedJob };
}

/** What pausing these documents has to record, given the present state of the cluster; `now` is RFC 3339. */
export function planPause(
  documents: readonly ManifestDocument[],
  view: ClusterView,
  rules: PauseRules,
  now: string,
): PauseState {
  const { paused, notPaused } = pauseDocuments(documents, rules);
  return { since: now, objects: paused, live: liveCounts(documents, paused, view), notPaused };
}

/** Pauses documents, in an upgrade or a rewrite. */
export function pauseTransform(rules: PauseRules): TransformDocuments {
  return (documents) => ({ changed: pauseDocuments(documents, rules).changed, added: [], warnings: [] });
}

/**
 * Pauses the rendered documents and records that in the ReleaseConfig. A release that stays paused (`before`) keeps the
 * replicas that others had set before its pause; the values of its manifest come from this revision. `now` is RFC 3339.
 */
export function pausedUpgrade(
  releaseConfig: JsonObject,
  { view, rules, before, now }: { view: ClusterView; rules: PauseRules; before: PauseState | null; now: string },
): TransformDocuments {
  return (documents) => {
    const fresh = planPause(documents, view, rules, now);
    const state = before === null ? fresh : { ...fresh, since: before.since, live: before.live };
    const spec = { ...asObject(releaseConfig['spec']), pause: pauseToJson(state) };
    const { changed } = pauseDocuments(documents, rules);
    return { changed, added: [], warnings: [], releaseConfig: { ...releaseConfig, spec } };
  };
}

/** Restores what pausing changed in documents. */
export function recoverTransform({ objects }: Pick<PauseState, 'objects'>): TransformDocuments {
  return (documents) => ({ changed: recoverDocuments(documents, objects), added: [], warnings: [] });
}

/** Workloads whose live replicas differ from their manifest. */
function liveCounts(
  documents: readonly ManifestDocument[],
  paused: readonly PausedObject[],
  view: ClusterView,
): LiveCount[] {
  return paused.flatMap(({ kind, namespace, name, field, value }) => {
    const document = documents.find((other) => other.kind === kind && other.name === name);
    const ref = { apiVersion: document?.apiVersion ?? '', kind, namespace, name };
    const workload = field === 'replicas' ? view.get(ref) : undefined;
    if (workload === undefined) {
      return [];
    }
    const replicas = asNumber(specOf(workload)['replicas'], 1);
    return replicas === asNumber(value, 1) ? [] : [{ ...ref, apiVersion: workload.apiVersion, replicas }];
  });
}
