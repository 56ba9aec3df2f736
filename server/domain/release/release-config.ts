import type { ReleasePlugin } from '../../../contract/schemas/plugin.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { ChartOrigin } from '../charts/chart-origin.ts';
import type { JsonObject } from '../json/json.ts';
import { warningsAnnotation } from './recorded-warnings.ts';

/**
 * What was injected for one dependency: from which provider, at which of its revisions (decision 4: what a
 * ReleaseConfig holds).
 */
export type InjectedDependency = {
  key: string;
  provider: string;
  digest: string;
  revision: number;
  /** Digests by output name: they show which one changed. */
  outputs: Readonly<Record<string, string>>;
};

/** Everything that Walm records about a release. Values in it are masked: a ReleaseConfig contains no secret. */
export type ReleaseConfigContent = {
  namespace: string;
  name: string;
  /**
   * The task that writes the revision; absent in a dry run. Distinguishes Walm's revision from one of another client.
   */
  taskId?: string;
  chart: { name: string; version: string; appVersion: string };
  /** The origin of the chart; null for a foreign release, whose archive is unknown. */
  source: ChartOrigin | null;
  configValues: JsonObject;
  commonValues: JsonObject;
  dependencies: Record<string, string>;
  dependenciesConfigValues: JsonObject;
  injected: readonly InjectedDependency[];
  releaseLabels: Record<string, string>;
  /** Keys of labels that requests removed; the engine removes them from those that the chart ships. */
  removedLabels: readonly string[];
  /** Labels of the chart's own ReleaseConfig; absent if templates are rendered: then the engine adds them. */
  shippedLabels?: Record<string, string>;
  plugins: readonly ReleasePlugin[];
  /** Expressions by output name, as given in requests. */
  outputs: Record<string, string>;
  /** `""` if the release belongs to no project. */
  project: string;
  repoName: string;
  chartImage: string;
  onFailure: string;
  strategy: JsonObject | null;
  /** What a recovery has to restore; null while the release is not paused. */
  pause: JsonObject | null;
  /** Since when its rollout is held, and why; null while it is not. */
  held: JsonObject | null;
  /** Why the revision was written, for its history: one sentence; absent in a dry run. */
  cause?: string;
  /** The caller; null is Walm's own identity, which is not recorded. */
  caller?: string | null;
  /** The warnings to record. */
  warnings?: readonly Warning[];
};

/** Where Walm keeps its facts of a release: an object of this kind, with the name of the release. */
export const RELEASE_CONFIG = { apiVersion: 'apiextensions.transwarp.io/v1beta1', kind: 'ReleaseConfig' } as const;

/** Whether a document of a release is the one in which Walm keeps its facts of it. */
export function isOwnConfig(release: { name: string }, { kind, name }: { kind: string; name: string }): boolean {
  return kind === RELEASE_CONFIG.kind && name === release.name;
}

/** Annotation with the cause of a revision. */
export const CAUSE_ANNOTATION = 'walm.io/cause';
/** Annotation with the caller of a revision. */
export const CALLER_ANNOTATION = 'walm.io/caller';
/** Annotation with the task that wrote a revision. */
export const TASK_ANNOTATION = 'walm.io/task';

/**
 * The ReleaseConfig of a release: the original's fields, always all of them, and Walm's own (decision 4: what a
 * ReleaseConfig holds). The annotation `walm.io/facts` marks it as written by Walm (decision 5: changes made outside
 * Walm).
 */
export function buildReleaseConfig(content: ReleaseConfigContent): JsonObject {
  return {
    ...RELEASE_CONFIG,
    metadata: {
      name: content.name,
      namespace: content.namespace,
      labels: shownLabels(content),
      annotations: {
        'walm.io/facts': 'v1',
        ...(content.taskId !== undefined && { [TASK_ANNOTATION]: content.taskId }),
        ...(content.cause !== undefined && { [CAUSE_ANNOTATION]: content.cause }),
        ...(content.caller && { [CALLER_ANNOTATION]: content.caller }),
        ...warningsAnnotation(content.warnings ?? []),
      },
    },
    spec: {
      configValues: content.configValues,
      dependenciesConfigValues: content.dependenciesConfigValues,
      dependencies: { ...content.dependencies },
      chartName: content.chart.name,
      chartVersion: content.chart.version,
      chartAppVersion: content.chart.appVersion,
      outputConfig: {},
      repo: content.repoName,
      chartImage: content.chartImage,
      plugins: content.plugins.map((plugin) => ({ ...plugin })),
      source: { ...content.source },
      releaseLabels: { ...content.releaseLabels },
      removedLabels: [...content.removedLabels],
      outputs: { ...content.outputs },
      commonValues: content.commonValues,
      injected: content.injected.map((entry) => ({ ...entry })),
      project: content.project,
      onFailure: content.onFailure,
      strategy: content.strategy,
      pause: content.pause,
      ...(content.held !== null && { held: content.held }),
    },
    status: {},
  };
}

function shownLabels({ releaseLabels, removedLabels, shippedLabels = {} }: ReleaseConfigContent): JsonObject {
  const shipped = Object.entries(shippedLabels).filter(([key]) => !removedLabels.includes(key));
  return { ...Object.fromEntries(shipped), ...releaseLabels };
}
