import { yamlText } from '../../domain/json/yaml-text.ts';
import { findSecrets, hideLayers, hideShipped } from '../../domain/masking/hide-layers.ts';
import { hideRecorded } from '../../domain/masking/hide-recorded.ts';
import { describeRecord } from '../../domain/release/described-record.ts';
import { runPlugins } from '../../domain/plugins/run-plugins.ts';
import type { JobKind } from './placed-job.ts';

/** Removes secrets from the layers of a release's values, and returns what they are. */
export const hideLayersJob = { name: 'hideLayers', perform: hideLayers } satisfies JobKind<never, object>;

/** Finds the secrets of a release. */
export const findSecretsJob = { name: 'findSecrets', perform: findSecrets } satisfies JobKind<never, object>;

/** Removes what must not be recorded, once it is known what a chart puts into Secrets. */
export const hideShippedJob = { name: 'hideShipped', perform: hideShipped } satisfies JobKind<never, object>;

/** Removes secrets from a recorded revision before it is recorded again, and returns what they are. */
export const hideRecordedJob = { name: 'hideRecorded', perform: hideRecorded } satisfies JobKind<never, object>;

/** Makes what is known of a release out of its record, its secrets taken out. */
export const describeRecordJob = { name: 'describeRecord', perform: describeRecord } satisfies JobKind<never, object>;

/** Runs the plugins of a release on the rendered documents. */
export const runPluginsJob = { name: 'runPlugins', perform: runPlugins } satisfies JobKind<never, object>;
/** Writes a document as YAML. */
export const writeYamlJob = { name: 'writeYaml', perform: yamlText } satisfies JobKind<never, object>;
