import type { JsonObject } from '../json/json.ts';
import type { ManifestDocument, TransformDocuments } from '../kube/manifest-document.ts';
import { pauseDocuments, type PauseRules } from '../workloads/pause-documents.ts';
import { pauseTransform, recoverTransform } from '../workloads/pause-plan.ts';
import {
  hasPausePlugin,
  type PauseState,
  readPauseState,
  withoutPausePlugin,
  withPausePlugin,
} from '../workloads/pause-state.ts';
import type { RecordedRequest } from '../request/release-request.ts';

/**
 * What a release consists of after a rollback to a revision (decision 36: what a rollback restores): chart, user
 * values, plugins and other facts of the manifest come from `then`; pause, labels, project and dependencies from `now`.
 */
export function rolledBackRequest(then: RecordedRequest, now: RecordedRequest): RecordedRequest {
  const plugins = withoutPausePlugin(then.plugins);
  return {
    ...then,
    plugins: hasPausePlugin(now.plugins) ? withPausePlugin(plugins) : plugins,
    dependencies: now.dependencies,
    releaseLabels: now.releaseLabels,
    removedLabels: now.removedLabels,
    project: now.project,
    commonValues: now.commonValues,
    pause: now.pause,
  };
}

/** How the recorded documents of a revision become those of a release that is, or is not, paused now. */
export type PauseChange = { transform: TransformDocuments | null; pause: PauseState | null };

/**
 * Applies the present pause state to the documents of an earlier revision. `before` and `now` are the recorded pauses
 * then and now, null for none.
 */
export function carryPause(
  documents: readonly ManifestDocument[],
  rules: PauseRules,
  { before, now }: { before: JsonObject | null; now: JsonObject | null },
): PauseChange {
  const remembered = before === null ? null : readPauseState(before);
  if (now === null) {
    return { transform: remembered === null ? null : recoverTransform(remembered), pause: null };
  }
  const current = readPauseState(now);
  if (remembered !== null) {
    return { transform: null, pause: { ...remembered, since: current.since, live: [] } };
  }
  const { paused, notPaused } = pauseDocuments(documents, rules);
  return { transform: pauseTransform(rules), pause: { since: current.since, objects: paused, live: [], notPaused } };
}
