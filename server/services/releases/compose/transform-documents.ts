import { convertTransform } from '../../../domain/api-upgrade/convert-transform.ts';
import { beginChain } from '../../../domain/kube/chain-transforms.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { writeStrategy } from '../../../domain/workloads/deployment-strategy.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import type { DocumentChanges, ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import { pausedUpgrade, pauseRules } from '../../../domain/workloads/pause-plan.ts';
import { hasPausePlugin, readPauseState, withoutPausePlugin } from '../../../domain/workloads/pause-state.ts';
import { kindName } from '../../../domain/patch/strategic-merge-keys.ts';
import { patchableKinds } from '../../../domain/plugins/custom-patch.ts';
import { mergeLists, pluginTransforms } from '../../../domain/plugins/plugin-transforms.ts';
import type { PluginWork } from '../../../domain/plugins/run-plugins.ts';
import { withWarnings } from '../../../domain/release/recorded-warnings.ts';
import { foldWarnings } from '../../../domain/bounds/fold-warnings.ts';
import type { EffectiveRequest } from '../../../domain/request/release-request.ts';
import { type Clock, timestamp } from '../../../ports/runtime/clock.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { DocumentTransform } from '../../../ports/helm/release-content.ts';
import type { PlacedJob } from '../../jobs/placed-job.ts';

export type TransformDocumentsDeps = {
  engine: Pick<HelmReader, 'mergeKeys'>;
  live: ClusterView;
  /** Whether pausing includes DaemonSets (decision 33: DaemonSets are paused too). */
  pauseDaemonSets: boolean;
  /** Domains whose labels and annotations callers may set with plugins, in addition to those allowed by default. */
  metadataDomains: readonly string[];
  clock: Pick<Clock, 'now'>;
  runPlugins: PlacedJob<PluginWork, DocumentChanges>;
};

/** The parts of a request that change the documents of a release. */
type Transformed = Pick<EffectiveRequest, 'plugins' | 'strategy' | 'pause'> & {
  /** The release's ReleaseConfig, which records what pausing changes. */
  releaseConfig: JsonObject;
  /** The objects of the applied revision; none for an install. */
  recorded?: readonly ManifestDocument[];
  /** The caller whose share of computing time is used. */
  holder: string;
};

type Step = (...given: Parameters<DocumentTransform['run']>) => DocumentChanges | Promise<DocumentChanges>;

/**
 * Builds the callback that the engine calls between rendering and applying. It converts API versions (decision 38: old
 * API versions are converted), runs the plugins in the order of the release, sets the rollout strategy, and finally
 * pauses a paused release. Warnings are recorded with the revision. Recorded documents are only converted: they went
 * through the other steps when they were made. Without plugin, strategy and pause the engine calls back only if it
 * finds an API version that the cluster does not serve (decision 46: documents are sent on demand).
 * @throws ProblemError PLUGIN_REFUSED for recorded arguments that a plugin no longer accepts
 */
export type TransformDocuments = (transformed: Transformed) => DocumentTransform;

export function createTransformDocuments({
  engine,
  live,
  pauseDaemonSets,
  metadataDomains,
  clock,
  runPlugins,
}: TransformDocumentsDeps): TransformDocuments {
  /** The merge keys of the kinds that patches may change. */
  async function mergeKeysOf(documents: readonly ManifestDocument[]): Promise<PluginWork['mergeKeys']> {
    const kinds = patchableKinds(documents);
    const found = kinds.length === 0 ? [] : await engine.mergeKeys(kinds);
    return Object.fromEntries(kinds.map((kind, at) => [kindName(kind), found[at] ?? {}]));
  }

  return function transformDocuments({ plugins, strategy, pause, releaseConfig, recorded = [], holder }) {
    const rules = pauseRules(live, pauseDaemonSets, recorded);
    const steps: Step[] = [];
    // Refuses impossible arguments before anything is rendered.
    const context = { recorded, metadataDomains, pauseRules: rules, mergeKeys: {} };
    if (pluginTransforms(withoutPausePlugin(plugins), context).length > 0) {
      steps.push(async (documents) => {
        const mergeKeys = mergeLists(plugins) ? await mergeKeysOf(documents) : {};
        return runPlugins({ plugins, documents, recorded, metadataDomains, mergeKeys }, holder);
      });
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
