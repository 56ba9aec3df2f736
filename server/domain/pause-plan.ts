import type { ClusterView } from './cluster-view.ts';
import { asNumber } from './json-reading.ts';
import { conditionOf, type ObjectRef, specOf } from './kube-object.ts';
import type { ManifestDocument, TransformDocuments } from './manifest-document.ts';
import { pauseDocuments, type PausedObject, type PauseRules, recoverDocuments } from './pause-documents.ts';
import type { LiveCount, PauseState } from './pause-state.ts';

/** How to pause a release as the cluster has it now: Jobs that are finished stay as they are. */
export function pauseRules(view: ClusterView, daemonSets: boolean): PauseRules {
  const isFinishedJob = (ref: ObjectRef) => {
    const job = view.get(ref);
    return (
      job !== undefined && ['Complete', 'Failed'].some((condition) => conditionOf(job, condition)?.status === 'True')
    );
  };
  return { daemonSets, isFinishedJob };
}

/** What pausing these documents, as the cluster has them now, has to remember; `now` is RFC 3339. */
export function planPause(
  documents: readonly ManifestDocument[],
  view: ClusterView,
  rules: PauseRules,
  now: string,
): PauseState {
  const { paused, notPaused } = pauseDocuments(documents, rules);
  return { since: now, objects: paused, live: liveCounts(documents, paused, view), notPaused };
}

/** What has to be remembered of a release that stays paused while its documents become others. */
export function planContinuedPause(
  documents: readonly ManifestDocument[],
  rules: PauseRules,
  { since, live }: Pick<PauseState, 'since' | 'live'>,
): PauseState {
  const { paused, notPaused } = pauseDocuments(documents, rules);
  return { since, objects: paused, live, notPaused };
}

/** Pauses what it is given, in an upgrade or a rewrite. */
export function pauseTransform(rules: PauseRules): TransformDocuments {
  return (documents) => ({ changed: pauseDocuments(documents, rules).changed, added: [], warnings: [] });
}

/** Gives documents back what pausing took. */
export function recoverTransform({ objects }: Pick<PauseState, 'objects'>): TransformDocuments {
  return (documents) => ({ changed: recoverDocuments(documents, objects), added: [], warnings: [] });
}

/** Workloads whose live replicas are others than their manifest says. */
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
