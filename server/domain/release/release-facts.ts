import type { ReleasePlugin } from '../../../contract/schemas/plugin.ts';
import type { ChartOrigin } from '../charts/chart-origin.ts';
import { isJsonObject, type JsonObject } from '../json/json.ts';
import { asArray, asNumber, asObject, asObjects, asString, asTextMap, valueAt } from '../json/json-reading.ts';
import { type OutputSecret, readOutputSecrets } from '../outputs/output-secrets.ts';
import type { InjectedDependency } from './release-config.ts';

/** What Walm recorded about a release in the ReleaseConfig of a revision (decision 4: what a ReleaseConfig holds). */
export type ReleaseFacts = {
  /** The user's values, separate from the other layers, secret values as `***`. */
  configValues: JsonObject;
  dependencies: Record<string, string>;
  dependenciesConfigValues: JsonObject;
  /** What was injected into this revision, by dependency. */
  injected: InjectedDependency[];
  /** The outputs of the chart's own ReleaseConfig. */
  outputConfigValues: JsonObject;
  /** The secrets in them: `***` there, and here where to find the true value. */
  outputSecrets: OutputSecret[];
  /** Expressions by output name, as given in requests. */
  outputs: Record<string, string>;
  /** Values common to all releases of the project. */
  commonValues: JsonObject;
  /** Keys of labels that requests removed: the chart's own ReleaseConfig does not bring them back. */
  removedLabels: string[];
  /** Labels given in requests. */
  releaseLabels: Record<string, string>;
  /** Those and the labels of the chart's own ReleaseConfig: they are shown, and selectors are evaluated on them. */
  labels: Record<string, string>;
  plugins: ReleasePlugin[];
  /** Chart repository as named in a request; `""`: another source, or unknown. */
  repoName: string;
  chartImage: string;
  /** `""` if the release belongs to no project. */
  project: string;
  /** The origin of the chart; null if it was not recorded. */
  source: ChartOrigin | null;
  /** Reaction to a failed rollout (decision 35: `onFailure`); `""` if no request set it. */
  onFailure: string;
  /** Rollout strategy of the release's Deployments; null: that of the chart. */
  strategy: JsonObject | null;
  /** What a recovery has to restore; null while the release is not paused. */
  pause: JsonObject | null;
  /** Since when its failed rollout is held, and why; null while it is not. */
  held: JsonObject | null;
};

/** Annotation of every ReleaseConfig that Walm wrote; other objects of that name come from the chart. */
const FACTS_ANNOTATION = 'walm.io/facts';
const FACTS_VERSION = 'v1';

function readPlugin(plugin: JsonObject): ReleasePlugin {
  return {
    name: asString(plugin['name']),
    args: asString(plugin['args']),
    version: asString(plugin['version']),
    disable: plugin['disable'] === true,
  };
}

function readSource(source: JsonObject): ChartOrigin | null {
  const { kind, digest } = source;
  if (asString(digest) === '') {
    return null;
  }
  const known = kind === 'archive' || kind === 'image' || kind === 'record' ? kind : 'repository';
  return { kind: known, ref: asString(source['ref']), version: asString(source['version']), digest: asString(digest) };
}

function readInjected(entry: JsonObject): InjectedDependency {
  const { key, provider, digest, revision, outputs } = entry;
  return {
    key: asString(key),
    provider: asString(provider),
    digest: asString(digest),
    revision: asNumber(revision),
    outputs: asTextMap(outputs),
  };
}

/**
 * Parses the facts; null if this ReleaseConfig was not written by Walm, or there is none (decision 5: changes made
 * outside Walm).
 */
export function readReleaseFacts(releaseConfig: JsonObject | null): ReleaseFacts | null {
  if (releaseConfig === null || valueAt(releaseConfig, 'metadata', 'annotations', FACTS_ANNOTATION) !== FACTS_VERSION) {
    return null;
  }
  const spec = asObject(releaseConfig['spec']);
  return {
    configValues: asObject(spec['configValues']),
    dependencies: asTextMap(spec['dependencies']),
    dependenciesConfigValues: asObject(spec['dependenciesConfigValues']),
    injected: asObjects(spec['injected']).map(readInjected),
    outputConfigValues: asObject(spec['outputConfig']),
    outputSecrets: readOutputSecrets(spec['outputSecrets']),
    outputs: asTextMap(spec['outputs']),
    commonValues: asObject(spec['commonValues']),
    releaseLabels: asTextMap(spec['releaseLabels']),
    removedLabels: asArray(spec['removedLabels']).map(asString),
    labels: { ...asTextMap(valueAt(releaseConfig, 'metadata', 'labels')), ...asTextMap(spec['releaseLabels']) },
    plugins: asObjects(spec['plugins']).map(readPlugin),
    repoName: asString(spec['repo']),
    chartImage: asString(spec['chartImage']),
    project: asString(spec['project']),
    source: readSource(asObject(spec['source'])),
    onFailure: asString(spec['onFailure']),
    strategy: isJsonObject(spec['strategy']) ? spec['strategy'] : null,
    pause: isJsonObject(spec['pause']) ? spec['pause'] : null,
    held: isJsonObject(spec['held']) ? spec['held'] : null,
  };
}
