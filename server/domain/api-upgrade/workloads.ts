import { isJsonObject, type JsonObject } from '../json/json.ts';
import { asObject, valueAt } from '../json/json-reading.ts';
import { type Conversion, NotConvertible } from './conversion.ts';
import { mapField, withDefaults, without } from './with-defaults.ts';

const EXTENSIONS = 'extensions/v1beta1';
/** Means "not set" in the versions that had no deadline and kept all revisions. */
const UNLIMITED = 2 ** 31 - 1;

/** Defaults of a version that differ from those of `apps/v1` (Kubernetes' defaults.go). */
type Defaults = { spec: JsonObject; strategy?: JsonObject; rollingUpdate?: JsonObject };

const deploymentDefaults: Record<string, Defaults> = {
  [EXTENSIONS]: {
    spec: { progressDeadlineSeconds: UNLIMITED, revisionHistoryLimit: UNLIMITED },
    rollingUpdate: { maxUnavailable: 1, maxSurge: 1 },
  },
  'apps/v1beta1': { spec: { revisionHistoryLimit: 2 } },
};

const daemonSetDefaults: Record<string, Defaults> = { [EXTENSIONS]: { spec: {}, strategy: { type: 'OnDelete' } } };

const statefulSetDefaults: Record<string, Defaults> = {
  'apps/v1beta1': { spec: {}, strategy: { type: 'OnDelete' } },
};

/** Older versions derived a missing selector from the labels of the template; `apps/v1` requires it. */
function withSelector(spec: JsonObject): JsonObject {
  if (isJsonObject(spec['selector']) && Object.keys(spec['selector']).length > 0) {
    return spec;
  }
  const labels = asObject(valueAt(spec, 'template', 'metadata', 'labels'));
  if (Object.keys(labels).length === 0) {
    throw new NotConvertible('it has neither a selector nor labels in its pod template to take one from');
  }
  return { ...spec, selector: { matchLabels: labels } };
}

function convertWorkload(defaults: Record<string, Defaults>, strategyField: string, dropped: readonly string[]) {
  return (object: JsonObject, from: string): JsonObject => {
    const { spec = {}, strategy, rollingUpdate } = defaults[from] ?? {};
    return mapField(object, 'spec', (written) => {
      const converted = withDefaults(withSelector(without(written, ...dropped)), spec);
      const said = asObject(converted[strategyField]);
      const typed = { ...strategy, ...said };
      const rolls = (said['type'] ?? 'RollingUpdate') === 'RollingUpdate';
      const full =
        rollingUpdate !== undefined && rolls
          ? {
              ...typed,
              type: 'RollingUpdate',
              rollingUpdate: withDefaults(asObject(said['rollingUpdate']), rollingUpdate),
            }
          : typed;
      return Object.keys(full).length === 0 ? converted : { ...converted, [strategyField]: full };
    });
  };
}

/** Workloads of the groups `extensions` and `apps`, withdrawn in Kubernetes 1.16. */
export const workloadConversions: readonly Conversion[] = [
  {
    kind: 'Deployment',
    from: [EXTENSIONS, 'apps/v1beta1', 'apps/v1beta2'],
    to: ['apps/v1'],
    convert: convertWorkload(deploymentDefaults, 'strategy', ['rollbackTo']),
  },
  {
    kind: 'DaemonSet',
    from: [EXTENSIONS, 'apps/v1beta2'],
    to: ['apps/v1'],
    convert: convertWorkload(daemonSetDefaults, 'updateStrategy', ['templateGeneration']),
  },
  {
    kind: 'StatefulSet',
    from: ['apps/v1beta1', 'apps/v1beta2'],
    to: ['apps/v1'],
    convert: convertWorkload(statefulSetDefaults, 'updateStrategy', []),
  },
  {
    kind: 'ReplicaSet',
    from: [EXTENSIONS, 'apps/v1beta2'],
    to: ['apps/v1'],
    convert: convertWorkload({}, 'strategy', []),
  },
  { kind: 'ControllerRevision', from: ['apps/v1beta1', 'apps/v1beta2'], to: ['apps/v1'] },
  { kind: 'CronJob', from: ['batch/v2alpha1', 'batch/v1beta1'], to: ['batch/v1'] },
];
