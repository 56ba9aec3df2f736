// Written by `make generate` from the files of this folder.
import { customConfigmap } from './custom-configmap.ts';
import { customPatch } from './custom-patch.ts';
import { imageRegistry } from './image-registry.ts';
import { ingress } from './ingress.ts';
import { labelPod } from './label-pod.ts';
import { nodeAffinity } from './node-affinity.ts';
import { pauseRelease } from './pause-release.ts';
import { tolerations } from './tolerations.ts';
import { validateReleaseConfig } from './validate-release-config.ts';
import type { Plugin } from './plugin.ts';

/** The definition of every file of this folder, made with `definePlugin`. */
export const allPlugins: readonly Plugin[] = [
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
