import { findSecrets, hideLayers, hideShipped } from '../../domain/masking/hide-layers.ts';
import { hideRecorded } from '../../domain/masking/hide-recorded.ts';
import { runPlugins } from '../../domain/plugins/run-plugins.ts';
import type { JobKind } from './placed-job.ts';

/** Takes the secrets out of the layers of a release's values, and tells what they are. */
export const hideLayersJob = { name: 'hideLayers', perform: hideLayers } satisfies JobKind<never, object>;

/** Finds the secrets of a release. */
export const findSecretsJob = { name: 'findSecrets', perform: findSecrets } satisfies JobKind<never, object>;

/** Says what must not be written down, now that it is known what a chart puts into Secrets. */
export const hideShippedJob = { name: 'hideShipped', perform: hideShipped } satisfies JobKind<never, object>;

/** Takes the secrets out of what a recorded revision is written down with again, and tells what they are. */
export const hideRecordedJob = { name: 'hideRecorded', perform: hideRecorded } satisfies JobKind<never, object>;

/** Lets the plugins of a release change what its chart has rendered. */
export const runPluginsJob = { name: 'runPlugins', perform: runPlugins } satisfies JobKind<never, object>;
