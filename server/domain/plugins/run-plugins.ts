import type { ReleasePlugin } from '../../../contract/schemas/plugin.ts';
import { chainTransforms } from '../kube/chain-transforms.ts';
import type { DocumentChanges, ManifestDocument } from '../kube/manifest-document.ts';
import { withoutPausePlugin } from '../workloads/pause-state.ts';
import type { PluginContext } from './plugin.ts';
import { pluginTransforms } from './plugin-transforms.ts';

/** The input of the plugins of a release. */
export type PluginWork = {
  plugins: readonly ReleasePlugin[];
  documents: readonly ManifestDocument[];
  /** The objects of the applied revision; none for an install. */
  recorded: readonly ManifestDocument[];
  metadataDomains: readonly string[];
  mergeKeys: PluginContext['mergeKeys'];
};

/**
 * Runs the plugins on the documents, one after the other. Pausing is not included: it comes last, and needs the live
 * view.
 * @throws ProblemError PLUGIN_REFUSED
 */
export function runPlugins({ plugins, documents, ...known }: PluginWork): DocumentChanges {
  const pauseRules = { daemonSets: false, isFinishedJob: () => false };
  const transforms = pluginTransforms(withoutPausePlugin(plugins), { ...known, pauseRules });
  return chainTransforms(...transforms)(documents, { recorded: false, compared: false, served: () => true });
}
