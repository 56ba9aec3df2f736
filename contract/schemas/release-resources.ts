import { Type, type Static, type TProperties } from 'typebox';
import { described, nullable, TextMap } from './json.ts';

/** State of one object, as the original Walm words it. */
export const ResourceState = Type.Object(
  {
    status: Type.String({ description: 'Ready, Pending, Running, Terminating, NotFound, …' }),
    reason: Type.String({
      description: 'One word of the cluster for it, such as ImagePullBackOff; empty where there is none.',
    }),
    message: Type.String({ description: 'A sentence of what is awaited or wrong; empty when all is well.' }),
  },
  { $id: 'ResourceState', description: 'How the object is doing.' },
);
export type ResourceState = Static<typeof ResourceState>;

const meta = {
  name: Type.String({ description: 'Name of the object.' }),
  namespace: Type.String({ description: 'Its namespace; empty for cluster-wide kinds.' }),
  kind: Type.String({ description: 'Its kind, such as Deployment.' }),
  state: ResourceState,
};
const labelled = {
  ...meta,
  labels: described(nullable(TextMap), 'Its labels; null when it has none.'),
  annotations: described(nullable(TextMap), 'Its annotations; null when it has none.'),
};

/** A resource of `releaseStatus` under its component name. */
function resource<T extends TProperties>(name: string, properties: T) {
  return Type.Object(properties, { $id: name });
}

export const ContainerStatus = resource('ContainerStatus', {
  name: Type.String({ description: 'Name of the container.' }),
  image: Type.String({ description: 'Image that it runs.' }),
  ready: Type.Boolean({ description: 'Whether its readiness probe succeeds, or it has none and runs.' }),
  restartCount: Type.Integer({ description: 'How often it was started again.' }),
  state: ResourceState,
});
export type ContainerStatus = Static<typeof ContainerStatus>;

export const PodStatus = resource('PodStatus', {
  ...labelled,
  hostIp: Type.String({ description: 'Address of its node; empty before it has one.' }),
  podIp: Type.String({ description: 'Its own address; empty before it has one.' }),
  containers: Type.Array(ContainerStatus, { description: 'Its containers.' }),
  age: Type.String({ description: 'Short duration as kubectl prints it: 59s, 12m, 22h, 26d, 2y.' }),
  initContainers: Type.Array(ContainerStatus, { description: 'Those that run before, and sidecars.' }),
});
export type PodStatus = Static<typeof PodStatus>;

const pods = described(nullable(Type.Array(PodStatus)), 'Its pods; null when there are none.');

export const DeploymentStatus = resource('DeploymentStatus', {
  ...labelled,
  expectedReplicas: Type.Integer({ description: 'Pods that it should have.' }),
  updatedReplicas: Type.Integer({ description: 'Pods of the newest template.' }),
  currentReplicas: Type.Integer({ description: 'Pods that are there.' }),
  availableReplicas: Type.Integer({ description: 'Pods that are ready for long enough.' }),
  pods,
});
export type DeploymentStatus = Static<typeof DeploymentStatus>;

export const StatefulSetStatus = resource('StatefulSetStatus', {
  ...labelled,
  expectedReplicas: Type.Integer({ description: 'Pods that it should have.' }),
  readyReplicas: Type.Integer({ description: 'Pods that are ready.' }),
  currentVersion: Type.String({ description: 'Revision of the template that pods had before the newest change.' }),
  updateVersion: Type.String({ description: 'Revision of the newest template.' }),
  pods,
  selector: Type.String({ description: 'Labels of its pods: `k=v,k2=v2`.' }),
});
export type StatefulSetStatus = Static<typeof StatefulSetStatus>;

export const DaemonSetStatus = resource('DaemonSetStatus', {
  ...labelled,
  desiredNumberScheduled: Type.Integer({ description: 'Nodes that should run a pod of it.' }),
  updatedNumberScheduled: Type.Integer({ description: 'Nodes that run a pod of the newest template.' }),
  numberAvailable: Type.Integer({ description: 'Nodes with a pod that is ready for long enough.' }),
  pods,
});
export type DaemonSetStatus = Static<typeof DaemonSetStatus>;

export const JobStatus = resource('JobStatus', {
  ...labelled,
  expectedCompletion: Type.Integer({ description: 'Pods that have to succeed.' }),
  succeeded: Type.Integer({ description: 'Pods that did.' }),
  failed: Type.Integer({ description: 'Pods that failed.' }),
  active: Type.Integer({ description: 'Pods that run.' }),
  pods,
});
export type JobStatus = Static<typeof JobStatus>;

export const ServicePortStatus = Type.Object({
  name: Type.String({ description: 'Name of the port; empty where it has none.' }),
  protocol: Type.String({ description: 'TCP, UDP or SCTP.' }),
  port: Type.Integer({ description: 'Port of the Service.' }),
  targetPort: Type.String({ description: 'Port of the pods, by number or name.' }),
  nodePort: Type.Integer({ description: 'Port of every node; 0 where there is none.' }),
  endpoints: Type.Array(Type.String({ description: '`ip:port` of ready addresses.' })),
});
export type ServicePortStatus = Static<typeof ServicePortStatus>;

export const ServiceStatus = resource('ServiceStatus', {
  ...meta,
  ports: described(nullable(Type.Array(ServicePortStatus)), 'Its ports; null when there are none.'),
  clusterIp: Type.String({ description: 'Address within the cluster; `None` for a headless Service.' }),
  serviceType: Type.String({ description: 'ClusterIP, NodePort, LoadBalancer or ExternalName.' }),
});
export type ServiceStatus = Static<typeof ServiceStatus>;

export const ConfigMapStatus = resource('ConfigMapStatus', {
  ...meta,
  data: described(nullable(TextMap), 'Secrets are `***`. Null for callers without `get configmaps`.'),
});
export type ConfigMapStatus = Static<typeof ConfigMapStatus>;

export const SecretStatus = resource('SecretStatus', {
  ...meta,
  data: nullable(Type.Unsafe<Record<string, string>>({ ...TextMap, description: 'Keys only; every value is `***`.' })),
  type: Type.String({ description: 'Type of the Secret, such as Opaque.' }),
});
export type SecretStatus = Static<typeof SecretStatus>;

export const IngressStatus = resource('IngressStatus', {
  ...meta,
  host: Type.String({ description: 'Host of its first rule; empty for all.' }),
  path: Type.String({ description: 'Path of its first rule.' }),
  serviceName: Type.String({ description: 'Service that the path leads to.' }),
  servicePort: Type.String({ description: 'Port of that Service, by number or name.' }),
});
export type IngressStatus = Static<typeof IngressStatus>;

export const ClaimStatus = resource('ClaimStatus', {
  ...labelled,
  storageClass: Type.String({ description: 'Name of its StorageClass.' }),
  volumeName: Type.String({ description: 'Volume that it is bound to; empty before.' }),
  capacity: Type.String({ description: 'Size of that volume, as a quantity.' }),
  accessModes: Type.Array(Type.String(), { description: 'How it may be mounted, such as ReadWriteOnce.' }),
  volumeMode: Type.String({ description: 'Filesystem or Block.' }),
});
export type ClaimStatus = Static<typeof ClaimStatus>;

export const CronJobStatus = resource('CronJobStatus', {
  ...labelled,
  schedule: Type.String({ description: 'When it runs, as cron writes it.' }),
  suspended: Type.Boolean({ description: 'Whether it is kept from running.' }),
  active: Type.Integer({ description: 'Jobs of it that run.' }),
  lastScheduleTime: Type.String({ description: 'RFC 3339, empty before the first run.' }),
  jobs: Type.Array(JobStatus, { description: 'Jobs that it made.' }),
});
export type CronJobStatus = Static<typeof CronJobStatus>;

export const OtherStatus = resource('OtherStatus', {
  ...meta,
  apiVersion: Type.String({ description: 'API version of its kind.' }),
});
export type OtherStatus = Static<typeof OtherStatus>;

/** Everything that a release's manifest names, with live state. The first eight keys are the original's. */
export const ResourceSet = Type.Object(
  {
    services: Type.Array(ServiceStatus, { description: 'Services.' }),
    configmaps: Type.Array(ConfigMapStatus, { description: 'ConfigMaps.' }),
    daemonsets: Type.Array(DaemonSetStatus, { description: 'DaemonSets.' }),
    deployments: Type.Array(DeploymentStatus, { description: 'Deployments.' }),
    ingresses: Type.Array(IngressStatus, { description: 'Ingresses.' }),
    jobs: Type.Array(JobStatus, { description: 'Jobs of the manifest.' }),
    secrets: Type.Array(SecretStatus, { description: 'Secrets.' }),
    statefulsets: Type.Array(StatefulSetStatus, { description: 'StatefulSets.' }),
    pvcs: Type.Array(ClaimStatus, { description: 'Claims, those that StatefulSets made among them.' }),
    cronjobs: Type.Array(CronJobStatus, { description: 'CronJobs.' }),
    others: Type.Array(OtherStatus, { description: 'Objects of all other kinds.' }),
  },
  { $id: 'ResourceSet' },
);
export type ResourceSet = Static<typeof ResourceSet>;
