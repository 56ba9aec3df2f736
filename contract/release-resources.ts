import { Type, type Static, type TProperties } from 'typebox';
import { described, nullable, TextMap } from './json.ts';

/** State of one object, as the original Walm words it. */
export const ResourceState = Type.Object(
  {
    status: Type.String({ description: 'Ready, Pending, Running, Terminating, NotFound, …' }),
    reason: Type.String(),
    message: Type.String(),
  },
  { $id: 'ResourceState' },
);
export type ResourceState = Static<typeof ResourceState>;

const meta = { name: Type.String(), namespace: Type.String(), kind: Type.String(), state: ResourceState };
const labelled = { ...meta, labels: nullable(TextMap), annotations: nullable(TextMap) };

/** A resource of `releaseStatus` under its component name. */
function resource<T extends TProperties>(name: string, properties: T) {
  return Type.Object(properties, { $id: name });
}

export const ContainerStatus = resource('ContainerStatus', {
  name: Type.String(),
  image: Type.String(),
  ready: Type.Boolean(),
  restartCount: Type.Integer(),
  state: ResourceState,
});
export type ContainerStatus = Static<typeof ContainerStatus>;

export const PodStatus = resource('PodStatus', {
  ...labelled,
  hostIp: Type.String(),
  podIp: Type.String(),
  containers: Type.Array(ContainerStatus),
  age: Type.String({ description: 'Short duration as kubectl prints it: 59s, 12m, 22h, 26d, 2y.' }),
  initContainers: Type.Array(ContainerStatus),
});
export type PodStatus = Static<typeof PodStatus>;

const pods = nullable(Type.Array(PodStatus));

export const DeploymentStatus = resource('DeploymentStatus', {
  ...labelled,
  expectedReplicas: Type.Integer(),
  updatedReplicas: Type.Integer(),
  currentReplicas: Type.Integer(),
  availableReplicas: Type.Integer(),
  pods,
});
export type DeploymentStatus = Static<typeof DeploymentStatus>;

export const StatefulSetStatus = resource('StatefulSetStatus', {
  ...labelled,
  expectedReplicas: Type.Integer(),
  readyReplicas: Type.Integer(),
  currentVersion: Type.String(),
  updateVersion: Type.String(),
  pods,
  selector: Type.String({ description: 'k=v,k2=v2' }),
});
export type StatefulSetStatus = Static<typeof StatefulSetStatus>;

export const DaemonSetStatus = resource('DaemonSetStatus', {
  ...labelled,
  desiredNumberScheduled: Type.Integer(),
  updatedNumberScheduled: Type.Integer(),
  numberAvailable: Type.Integer(),
  pods,
});
export type DaemonSetStatus = Static<typeof DaemonSetStatus>;

export const JobStatus = resource('JobStatus', {
  ...labelled,
  expectedCompletion: Type.Integer(),
  succeeded: Type.Integer(),
  failed: Type.Integer(),
  active: Type.Integer(),
  pods,
});
export type JobStatus = Static<typeof JobStatus>;

export const ServicePortStatus = Type.Object({
  name: Type.String(),
  protocol: Type.String(),
  port: Type.Integer(),
  targetPort: Type.String(),
  nodePort: Type.Integer(),
  endpoints: Type.Array(Type.String({ description: '`ip:port` of ready addresses.' })),
});
export type ServicePortStatus = Static<typeof ServicePortStatus>;

export const ServiceStatus = resource('ServiceStatus', {
  ...meta,
  ports: nullable(Type.Array(ServicePortStatus)),
  clusterIp: Type.String(),
  serviceType: Type.String(),
});
export type ServiceStatus = Static<typeof ServiceStatus>;

export const ConfigMapStatus = resource('ConfigMapStatus', {
  ...meta,
  data: described(nullable(TextMap), 'Secrets are `***`. Null for callers without `get configmaps`.'),
});
export type ConfigMapStatus = Static<typeof ConfigMapStatus>;

export const SecretStatus = resource('SecretStatus', {
  ...meta,
  data: nullable(
    Type.Unsafe<Record<string, string>>({ ...TextMap, description: 'Keys only; every value is `***` (decision 24).' }),
  ),
  type: Type.String(),
});
export type SecretStatus = Static<typeof SecretStatus>;

export const IngressStatus = resource('IngressStatus', {
  ...meta,
  host: Type.String(),
  path: Type.String(),
  serviceName: Type.String(),
  servicePort: Type.String(),
});
export type IngressStatus = Static<typeof IngressStatus>;

export const ClaimStatus = resource('ClaimStatus', {
  ...labelled,
  storageClass: Type.String(),
  volumeName: Type.String(),
  capacity: Type.String(),
  accessModes: Type.Array(Type.String()),
  volumeMode: Type.String(),
});
export type ClaimStatus = Static<typeof ClaimStatus>;

export const CronJobStatus = resource('CronJobStatus', {
  ...labelled,
  schedule: Type.String(),
  suspended: Type.Boolean(),
  active: Type.Integer(),
  lastScheduleTime: Type.String({ description: 'RFC 3339, empty before the first run.' }),
  jobs: Type.Array(JobStatus),
});
export type CronJobStatus = Static<typeof CronJobStatus>;

export const OtherStatus = resource('OtherStatus', { ...meta, apiVersion: Type.String() });
export type OtherStatus = Static<typeof OtherStatus>;

/** Everything that a release's manifest names, with live state. The first eight keys are the original's. */
export const ResourceSet = Type.Object(
  {
    services: Type.Array(ServiceStatus),
    configmaps: Type.Array(ConfigMapStatus),
    daemonsets: Type.Array(DaemonSetStatus),
    deployments: Type.Array(DeploymentStatus),
    ingresses: Type.Array(IngressStatus),
    jobs: Type.Array(JobStatus),
    secrets: Type.Array(SecretStatus),
    statefulsets: Type.Array(StatefulSetStatus),
    pvcs: Type.Array(ClaimStatus),
    cronjobs: Type.Array(CronJobStatus),
    others: Type.Array(OtherStatus),
  },
  { $id: 'ResourceSet' },
);
export type ResourceSet = Static<typeof ResourceSet>;
