import type { ReleasePlugin } from '../../../contract/schemas/plugin.ts';
import type { ChartOrigin } from '../charts/chart-origin.ts';
import { isJsonObject, type JsonObject } from '../json/json.ts';
import { asArray, asNumber, asObject, asObjects, asString, asTextMap, valueAt } from '../json/json-reading.ts';
import { type OutputSecret, readOutputSecrets } from '../outputs/output-secrets.ts';
import type { InjectedDependency } from './release-config.ts';

/** What Walm itself noted about a release in the ReleaseConfig of a revision (decision 4). */
export type ReleaseFacts = {
  /** The user's values as Walm keeps them apart from the other layers, secret leaves as `***`. */
  configValues: JsonObject;
  dependencies: Record<string, string>;
  dependenciesConfigValues: JsonObject;
  /** What was injected into this revision, by dependency. */
  injected: InjectedDependency[];
  /** What the chart's own ReleaseConfig publishes. */
  outputConfigValues: JsonObject;
  /** What of it is secret: `***` there, and here where the truth is. */
  outputSecrets: OutputSecret[];
  /** Expressions by output name, as the requests named them. */
  outputs: Record<string, string>;
  /** Values that all releases of the project have in common. */
  commonValues: JsonObject;
  /** Keys of labels that requests removed: the chart's own ReleaseConfig does not bring them back. */
  removedLabels: string[];
  /** Those that requests gave it. */
  releaseLabels: Record<string, string>;
  /** The same and those that the chart's own ReleaseConfig has: they are shown, and selectors are evaluated on them. */
  labels: Record<string, string>;
  plugins: ReleasePlugin[];
  /** Where the chart came from, in the words of the request that named it; `""`: not from there, or nobody knows. */
  repoName: string;
  chartImage: string;
  /** `""` when the release belongs to no project. */
  project: string;
  /** What the release was made from; null where that was not recorded. */
  source: ChartOrigin | null;
  /** What happens when a rollout fails (decision 35); `""` when no request said so. */
  onFailure: string;
  /** Rollout strategy of the release's Deployments; null: as the chart has it. */
  strategy: JsonObject | null;
  /** What has to be put back when the release is recovered; null while it is not paused. */
  pause: JsonObject | null;
  /** Since when its failed rollout is held, and why; null while it is not. */
  held: JsonObject | null;
};

/** Annotation of every ReleaseConfig that Walm wrote; what else lies under the name is a chart's own. */
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

/** Reads the facts; null when this ReleaseConfig was not written by Walm, or there is none (decision 5). */
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
