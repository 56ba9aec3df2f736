import type { ReleasePlugin } from '../../../contract/schemas/plugin.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { ChartOrigin } from '../charts/chart-origin.ts';
import type { JsonObject } from '../json/json.ts';
import { warningsAnnotation } from './recorded-warnings.ts';

/** What was injected for one dependency: from which provider, at which of its revisions (decision 4). */
export type InjectedDependency = {
  key: string;
  provider: string;
  digest: string;
  revision: number;
  /** Digests by output name: they tell which one changed. */
  outputs: Readonly<Record<string, string>>;
};

/** Everything that Walm notes about a release. Values in it are masked: a ReleaseConfig holds no secret. */
export type ReleaseConfigContent = {
  namespace: string;
  name: string;
  /** The task that writes the revision; absent in a dry run. Tells a revision of ours from somebody else's. */
  taskId?: string;
  chart: { name: string; version: string; appVersion: string };
  /** What the release was made from; null for a foreign release, whose archive nobody has. */
  source: ChartOrigin | null;
  configValues: JsonObject;
  commonValues: JsonObject;
  dependencies: Record<string, string>;
  dependenciesConfigValues: JsonObject;
  injected: readonly InjectedDependency[];
  releaseLabels: Record<string, string>;
  /** Keys of labels that requests removed; the engine leaves them out of those that the chart ships. */
  removedLabels: readonly string[];
  /** Labels that the chart's own ReleaseConfig has; absent where templates are rendered: the engine adds them. */
  shippedLabels?: Record<string, string>;
  plugins: readonly ReleasePlugin[];
  /** Expressions by output name, as the requests named them. */
  outputs: Record<string, string>;
  /** `""` when the release belongs to no project. */
  project: string;
  repoName: string;
  chartImage: string;
  onFailure: string;
  strategy: JsonObject | null;
  /** What has to be put back when the release is recovered; null while it is not paused. */
  pause: JsonObject | null;
  /** That its rollout is held since when, and why; null while it is not. */
  held: JsonObject | null;
  /** Why the revision was written, for its history: one sentence; absent in a dry run. */
  cause?: string;
  /** Who caused it; null is Walm's own identity, which is not named. */
  caller?: string | null;
  /** What is warned of. */
  warnings?: readonly Warning[];
};

/** Annotation that says why a revision was written. */
export const CAUSE_ANNOTATION = 'walm.io/cause';
/** Annotation that says who caused a revision. */
export const CALLER_ANNOTATION = 'walm.io/caller';
/** Annotation that names the task which wrote a revision. */
export const TASK_ANNOTATION = 'walm.io/task';

/**
 * The ReleaseConfig of a release: the original's fields, always all of them, and Walm's own (decision 4). The
 * annotation `walm.io/facts` says that Walm wrote it (decision 5).
 */
export function buildReleaseConfig(content: ReleaseConfigContent): JsonObject {
  return {
    apiVersion: 'apiextensions.transwarp.io/v1beta1',
    kind: 'ReleaseConfig',
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
