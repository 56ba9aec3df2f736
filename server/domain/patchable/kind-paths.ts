import { HARMLESS_KEYS, metadataKeyFault } from './metadata-keys.ts';
import { below, type PathRules, podPaths } from './pod-paths.ts';
import {
  anything,
  flag,
  oneOf,
  onlyRemoved,
  quantity,
  requestPath,
  text,
  texts,
  type ValueRule,
  whole,
  wholeOrText,
} from './value-rule.ts';

/** A label or an annotation; its name is the last step of the path. */
const entry: ValueRule = {
  says: HARMLESS_KEYS,
  allows: (before, after, { after: { path }, metadataDomains }) =>
    [before, after].every(
      (value) => value === undefined || metadataKeyFault(String(path.at(-1)), value, metadataDomains) === null,
    ),
};

const metadata: PathRules = { 'metadata/annotations/*': entry, 'metadata/labels/*': entry };
const template: PathRules = { ...metadata, ...below('spec', podPaths) };
const job: PathRules = {
  activeDeadlineSeconds: whole,
  backoffLimit: whole,
  completions: whole,
  parallelism: whole,
  suspend: flag,
  ttlSecondsAfterFinished: whole,
};
const rollout: PathRules = { minReadySeconds: whole, revisionHistoryLimit: whole };
const metric: PathRules = {
  name: text,
  'target/averageUtilization': whole,
  'target/averageValue': quantity,
  'target/type': oneOf('AverageValue', 'Utilization'),
};

/** A kind of object that patches may change, with its paths; those of its pods are below `pod`. */
type KindRules = { groups: readonly string[]; paths: PathRules; pod?: string };

/** Other kinds cannot be patched: they grant rights, are shared by all users, or their effect is unknown. */
export const kindRules: Readonly<Record<string, KindRules>> = {
  ConfigMap: { groups: [''], paths: { 'binaryData/*': text, 'data/*': text } },
  CronJob: {
    groups: ['batch'],
    pod: 'spec/jobTemplate/spec/template',
    paths: {
      'spec/concurrencyPolicy': oneOf('Allow', 'Forbid', 'Replace'),
      'spec/failedJobsHistoryLimit': whole,
      'spec/schedule': text,
      'spec/startingDeadlineSeconds': whole,
      'spec/successfulJobsHistoryLimit': whole,
      'spec/suspend': flag,
      'spec/timeZone': text,
      ...below('spec/jobTemplate', metadata),
      ...below('spec/jobTemplate/spec', job),
    },
  },
  DaemonSet: {
    groups: ['apps', 'extensions'],
    pod: 'spec/template',
    paths: {
      ...below('spec', rollout),
      'spec/updateStrategy/rollingUpdate/maxSurge': wholeOrText,
      'spec/updateStrategy/rollingUpdate/maxUnavailable': wholeOrText,
      'spec/updateStrategy/type': oneOf('OnDelete', 'RollingUpdate'),
    },
  },
  Deployment: {
    groups: ['apps', 'extensions'],
    pod: 'spec/template',
    paths: {
      ...below('spec', rollout),
      'spec/paused': flag,
      'spec/progressDeadlineSeconds': whole,
      'spec/replicas': whole,
      'spec/strategy/rollingUpdate/maxSurge': wholeOrText,
      'spec/strategy/rollingUpdate/maxUnavailable': wholeOrText,
      'spec/strategy/type': oneOf('Recreate', 'RollingUpdate'),
    },
  },
  HorizontalPodAutoscaler: {
    groups: ['autoscaling'],
    paths: {
      'spec/behavior': anything,
      'spec/maxReplicas': whole,
      ...below('spec/metrics/*/resource', metric),
      'spec/metrics/*/type': oneOf('Resource'),
      'spec/minReplicas': whole,
      'spec/targetCPUUtilizationPercentage': whole,
    },
  },
  Ingress: {
    groups: ['extensions', 'networking.k8s.io'],
    paths: {
      'spec/ingressClassName': text,
      'spec/rules/*/host': text,
      'spec/rules/*/http/paths/*/backend/service/port/name': text,
      'spec/rules/*/http/paths/*/backend/service/port/number': whole,
      'spec/rules/*/http/paths/*/path': requestPath,
      'spec/rules/*/http/paths/*/pathType': oneOf('Exact', 'ImplementationSpecific', 'Prefix'),
      'spec/tls/*/hosts': texts,
    },
  },
  Job: { groups: ['batch'], pod: 'spec/template', paths: below('spec', job) },
  PersistentVolumeClaim: { groups: [''], paths: { 'spec/resources/requests/storage': quantity } },
  Pod: { groups: [''], pod: '', paths: {} },
  PodDisruptionBudget: {
    groups: ['policy'],
    paths: { 'spec/maxUnavailable': wholeOrText, 'spec/minAvailable': wholeOrText },
  },
  ReplicaSet: {
    groups: ['apps', 'extensions'],
    pod: 'spec/template',
    paths: { 'spec/minReadySeconds': whole, 'spec/replicas': whole },
  },
  Service: {
    groups: [''],
    paths: {
      'spec/internalTrafficPolicy': oneOf('Cluster', 'Local'),
      'spec/ports/*/appProtocol': text,
      'spec/ports/*/name': text,
      'spec/ports/*/nodePort': onlyRemoved,
      'spec/ports/*/port': whole,
      'spec/ports/*/protocol': oneOf('SCTP', 'TCP', 'UDP'),
      'spec/ports/*/targetPort': wholeOrText,
      'spec/publishNotReadyAddresses': flag,
      'spec/sessionAffinity': oneOf('ClientIP', 'None'),
      'spec/sessionAffinityConfig/clientIP/timeoutSeconds': whole,
    },
  },
  StatefulSet: {
    groups: ['apps'],
    pod: 'spec/template',
    paths: {
      ...below('spec', rollout),
      'spec/replicas': whole,
      'spec/updateStrategy/rollingUpdate/maxUnavailable': wholeOrText,
      'spec/updateStrategy/rollingUpdate/partition': whole,
      'spec/updateStrategy/type': oneOf('OnDelete', 'RollingUpdate'),
      'spec/volumeClaimTemplates/*/spec/resources/requests/storage': quantity,
    },
  },
};

/** All rules of a kind of a group, by paths from its root; undefined if nothing of it can be patched. */
export function pathsOf(group: string, kind: string): PathRules | undefined {
  const rules = Object.hasOwn(kindRules, kind) ? kindRules[kind] : undefined;
  if (rules === undefined || !rules.groups.includes(group)) {
    return undefined;
  }
  return wholePaths.get(kind);
}

const wholePaths: ReadonlyMap<string, PathRules> = new Map(
  Object.entries(kindRules).map(([kind, { pod, paths }]) => [
    kind,
    { ...metadata, ...paths, ...(pod === '' ? template : pod !== undefined && below(pod, template)) },
  ]),
);

/** A path that patches may change, as displayed: `{pod}` is the pod template of the kind. */
export type PatchablePath = { kinds: string[]; path: string; values: string };

/** The whole list, for documentation. */
export function patchablePaths(): PatchablePath[] {
  const kinds = Object.entries(kindRules);
  const shown = (names: string[], prefix: string, rules: PathRules): PatchablePath[] =>
    Object.entries(rules).map(([path, { says }]) => ({ kinds: names, path: `${prefix}/${path}`, values: says }));
  const ofPods = kinds.flatMap(([kind, { pod }]) => (pod === undefined ? [] : [kind]));
  return [
    ...shown(
      kinds.map(([kind]) => kind),
      '',
      metadata,
    ),
    ...kinds.flatMap(([kind, { paths }]) => shown([kind], '', paths)),
    ...shown(ofPods, '{pod}', template),
  ];
}

/** The path of the pod template of each kind. */
export function podPlaces(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(kindRules).flatMap(([kind, { pod }]) => (pod === undefined ? [] : [[kind, pod && `/${pod}`]])),
  );
}
