import { convertTransform } from '../../../domain/api-upgrade/convert-transform.ts';
import { beginChain } from '../../../domain/kube/chain-transforms.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { writeStrategy } from '../../../domain/workloads/deployment-strategy.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import type { DocumentChanges, ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import { pausedUpgrade, pauseRules } from '../../../domain/workloads/pause-plan.ts';
import { hasPausePlugin, readPauseState, withoutPausePlugin } from '../../../domain/workloads/pause-state.ts';
import { pluginTransforms } from '../../../domain/plugins/plugin-transforms.ts';
import type { PluginWork } from '../../../domain/plugins/run-plugins.ts';
import { withWarnings } from '../../../domain/release/recorded-warnings.ts';
import { foldWarnings } from '../../../domain/bounds/fold-warnings.ts';
import type { EffectiveRequest } from '../../../domain/request/release-request.ts';
import { type Clock, timestamp } from '../../../ports/runtime/clock.ts';
import type { DocumentTransform } from '../../../ports/helm/release-content.ts';
import type { PlacedJob } from '../../jobs/placed-job.ts';

export type TransformDocumentsDeps = {
  live: ClusterView;
  /** Whether DaemonSets are paused, too (decision 33). */
  pauseDaemonSets: boolean;
  /** Domains whose labels and annotations callers may set by plugins, beside those known to be harmless. */
  metadataDomains: readonly string[];
  clock: Pick<Clock, 'now'>;
  runPlugins: PlacedJob<PluginWork, DocumentChanges>;
};

/** What decides over the documents of a release. */
type Transformed = Pick<EffectiveRequest, 'plugins' | 'strategy' | 'pause'> & {
  /** The release's ReleaseConfig, which remembers what pausing takes. */
  releaseConfig: JsonObject;
  /** The objects of the revision in force; none on an install. */
  recorded?: readonly ManifestDocument[];
  /** Whose turn it is where that takes long. */
  holder: string;
};

type Step = (...given: Parameters<DocumentTransform['run']>) => DocumentChanges | Promise<DocumentChanges>;

/**
 * Makes what the engine calls between rendering and applying: first API versions are converted (decision 38), then the
 * plugins run in the order of the release, then its rollout strategy is written, and last a paused release is paused.
 * What they warn of is recorded with the revision. What comes from a record is only converted: it went through the rest when it was made. Without plugin, strategy and
 * pause the engine calls only where it finds something that the cluster does not serve (decision 46).
 * @throws ProblemError PLUGIN_REFUSED for recorded arguments that a plugin no longer understands
 */
export type TransformDocuments = (transformed: Transformed) => DocumentTransform;

export function createTransformDocuments({
  live,
  pauseDaemonSets,
  metadataDomains,
  clock,
  runPlugins,
}: TransformDocumentsDeps): TransformDocuments {
  return function transformDocuments({ plugins, strategy, pause, releaseConfig, recorded = [], holder }) {
    const rules = pauseRules(live, pauseDaemonSets, recorded);
    const steps: Step[] = [];
    // What cannot be done is told before anything is rendered.
    if (pluginTransforms(withoutPausePlugin(plugins), { recorded, pauseRules: rules, metadataDomains }).length > 0) {
      steps.push((documents) => runPlugins({ plugins, documents, recorded, metadataDomains }, holder));
    }
    if (strategy !== null) {
      steps.push((documents) => writeStrategy(documents, strategy));
    }
    if (hasPausePlugin(plugins)) {
      const before = pause === null ? null : readPauseState(pause);
      steps.push(pausedUpgrade(releaseConfig, { view: live, rules, before, now: timestamp(clock) }));
    }
    const whole: DocumentTransform['run'] = async (documents, origin) => {
      const chain = beginChain(documents);
      for (const step of [convertTransform, ...steps]) {
        chain.add(await step(chain.documents(), origin));
      }
      const changes = chain.changes();
      const config = changes.releaseConfig ?? releaseConfig;
      const warnings = foldWarnings(changes.warnings);
      return warnings.length === 0 ? changes : { ...changes, warnings, releaseConfig: withWarnings(config, warnings) };
    };
    return {
      run: async (documents, origin) =>
        origin.recorded ? convertTransform(documents, origin) : whole(documents, origin),
      always: steps.length > 0,
    };
  };
}
