import { customConfigmap } from './custom-configmap.ts';
import { customPatch } from './custom-patch.ts';
import { imageRegistry } from './image-registry.ts';
import { ingress } from './ingress.ts';
import { labelPod } from './label-pod.ts';
import { nodeAffinity } from './node-affinity.ts';
import { pauseRelease } from './pause-release.ts';
import type { Plugin } from './plugin.ts';
import { tolerations } from './tolerations.ts';
import { validateReleaseConfig } from './validate-release-config.ts';

/** Every plugin; of two versions of one the newer first. */
export const plugins: readonly Plugin[] = [
  customConfigmap,
  customPatch,
  imageRegistry,
  ingress,
  labelPod,
  nodeAffinity,
  pauseRelease,
  tolerations,
  validateReleaseConfig,
];

/** The versions of a plugin that there are, newest first; none for a name that Walm does not know. */
export function versionsOf(name: string): readonly Plugin[] {
  return plugins.filter((plugin) => plugin.name.toLowerCase() === name.toLowerCase());
}

/**
 * The plugin of a name in a version, at the precision given (`1` is the newest 1.x); the newest where the version is
 * empty or not one that there is.
 */
export function findPlugin(name: string, version: string): Plugin | undefined {
  const versions = versionsOf(name);
  return versions.find((plugin) => isVersion(plugin, version)) ?? versions[0];
}

/** Whether a plugin is of the version that a request names. */
export function isVersion({ version }: Plugin, wanted: string): boolean {
  return wanted === '' || version === wanted || version.startsWith(`${wanted}.`);
}
