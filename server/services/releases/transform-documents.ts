import { convertDocuments } from '../../domain/api-upgrade/convert-documents.ts';
import { chainTransforms } from '../../domain/chain-transforms.ts';
import type { ClusterView } from '../../domain/cluster-view.ts';
import { writeStrategy } from '../../domain/deployment-strategy.ts';
import type { ManifestDocument, TransformDocuments } from '../../domain/manifest-document.ts';
import { pauseRules } from '../../domain/pause-plan.ts';
import { pluginTransforms } from '../../domain/plugins/plugin-transforms.ts';
import type { EffectiveRequest } from '../../domain/release-request.ts';
import type { DocumentTransform } from '../../ports/helm-engine.ts';

export type TransformDocumentsDeps = {
  live: ClusterView;
  /** Whether DaemonSets are paused, too (decision 33). */
  pauseDaemonSets: boolean;
};

/** What decides over the documents of a release. */
type Transformed = Pick<EffectiveRequest, 'plugins' | 'strategy'> & {
  /** The objects of the revision in force; none on an install. */
  recorded?: readonly ManifestDocument[];
};

/** Brings recorded or rendered documents into API versions that the cluster serves. */
const convert: TransformDocuments = (documents, { served }) => convertDocuments(documents, served);

/**
 * Makes what the engine calls between rendering and applying: first API versions are converted (decision 38), then the
 * plugins run in the order of the release, then its rollout strategy is written. What comes from a record is only
 * converted: it went through the rest when it was made. Without plugin and strategy the engine calls only where it
 * finds something that the cluster does not serve (decision 46).
 * @throws ProblemError PLUGIN_REFUSED for recorded arguments that a plugin no longer understands
 */
export function createTransformDocuments({ live, pauseDaemonSets }: TransformDocumentsDeps) {
  return ({ plugins, strategy, recorded = [] }: Transformed): DocumentTransform => {
    const steps = pluginTransforms(plugins, { recorded, pauseRules: pauseRules(live, pauseDaemonSets) });
    if (strategy !== null) {
      steps.push((documents) => writeStrategy(documents, strategy));
    }
    const whole = chainTransforms(convert, ...steps);
    return {
      run: (documents, origin) => (origin.recorded ? convert : whole)(documents, origin),
      always: steps.length > 0,
    };
  };
}
