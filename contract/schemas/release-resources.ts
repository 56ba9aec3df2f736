import { Type, type Static, type TProperties } from 'typebox';
import { described, nullable, TextMap } from './json.ts';

/** State of one object, in the original Walm's words. */
export const ResourceState = Type.Object(
  {
    status: Type.String({ description: 'Ready, Pending, Running, Terminating, NotFound, …' }),
    reason: Type.String({
      description: 'Reason of the cluster, one word such as ImagePullBackOff; empty if there is none.',
    }),
    message: Type.String({ description: 'What is awaited or wrong, as a sentence; empty if all is well.' }),
  },
  { $id: 'ResourceState', description: 'State of the object.' },
);
export type ResourceState = Static<typeof ResourceState>;

/** Fields of every shown object of the cluster. */
export const meta = {
  name: Type.String({ description: 'Name of the object.' }),
  namespace: Type.String({ description: 'Namespace of the object; empty for cluster-scoped kinds.' }),
  kind: Type.String({ description: 'Kind of the object, such as Deployment.' }),
  state: ResourceState,
};
/** The same with labels and annotations. */
export const labelled = {
  ...meta,
  labels: described(nullable(TextMap), 'Labels of the object; null if it has none.'),
  annotations: described(nullable(TextMap), 'Annotations of the object; null if it has none.'),
};

/** A resource of `releaseStatus` under its component name. */
function resource<T extends TProperties>(name: string, properties: T) {
  return Type.Object(properties, { $id: name });
}

export const ContainerStatus = resource('ContainerStatus', {
  name: Type.String({ description: 'Name of the container.' }),
  image: Type.String({ description: 'Image of the container.' }),
  ready: Type.Boolean({ description: 'Whether the container is ready, as the kubelet reports it.' }),
  restartCount: Type.Integer({ description: 'Number of restarts.' }),
  state: ResourceState,
});
export type ContainerStatus = Static<typeof ContainerStatus>;

export const PodStatus = resource('PodStatus', {
  ...labelled,
  hostIp: Type.String({ description: 'IP address of the node; empty until the pod is scheduled.' }),
  podIp: Type.String({ description: 'IP address of the pod; empty until it has one.' }),
  containers: Type.Array(ContainerStatus, { description: 'Containers of the pod.' }),
  age: Type.String({ description: 'Short duration as kubectl prints it: 59s, 12m, 22h, 26d, 2y.' }),
  initContainers: Type.Array(ContainerStatus, { description: 'Init containers and sidecars.' }),
});
export type PodStatus = Static<typeof PodStatus>;

const pods = described(nullable(Type.Array(PodStatus)), 'Pods of the object; null if there are none.');

export const DeploymentStatus = resource('DeploymentStatus', {
  ...labelled,
  expectedReplicas: Type.Integer({ description: 'Desired number of pods.' }),
  updatedReplicas: Type.Integer({ description: 'Number of pods with the newest template.' }),
  currentReplicas: Type.Integer({ description: 'Number of existing pods.' }),
  availableReplicas: Type.Integer({ description: 'Number of pods ready for at least minReadySeconds.' }),
  pods,
});
export type DeploymentStatus = Static<typeof DeploymentStatus>;

export const StatefulSetStatus = resource('StatefulSetStatus', {
  ...labelled,
  expectedReplicas: Type.Integer({ description: 'Desired number of pods.' }),
  readyReplicas: Type.Integer({ description: 'Number of ready pods.' }),
  currentVersion: Type.String({ description: 'Revision of the pod template before the newest change.' }),
  updateVersion: Type.String({ description: 'Revision of the newest pod template.' }),
  pods,
  selector: Type.String({ description: 'Label selector of the pods: `k=v,k2=v2`.' }),
});
export type StatefulSetStatus = Static<typeof StatefulSetStatus>;

export const DaemonSetStatus = resource('DaemonSetStatus', {
  ...labelled,
  desiredNumberScheduled: Type.Integer({ description: 'Number of nodes that should run a pod.' }),
  updatedNumberScheduled: Type.Integer({ description: 'Number of nodes that run a pod with the newest template.' }),
  numberAvailable: Type.Integer({ description: 'Number of nodes with a pod ready for at least minReadySeconds.' }),
  pods,
});
export type DaemonSetStatus = Static<typeof DaemonSetStatus>;

export const JobStatus = resource('JobStatus', {
  ...labelled,
  expectedCompletion: Type.Integer({ description: 'Number of pods that have to succeed.' }),
  succeeded: Type.Integer({ description: 'Number of pods that succeeded.' }),
  failed: Type.Integer({ description: 'Number of pods that failed.' }),
  active: Type.Integer({ description: 'Number of running pods.' }),
  pods,
});
export type JobStatus = Static<typeof JobStatus>;

export const ServicePortStatus = Type.Object({
  name: Type.String({ description: 'Name of the port; may be empty.' }),
  protocol: Type.String({ description: 'TCP, UDP or SCTP.' }),
  port: Type.Integer({ description: 'Port of the Service.' }),
  targetPort: Type.String({ description: 'Port of the pods, by number or name.' }),
  nodePort: Type.Integer({ description: 'Node port; 0 if there is none.' }),
  endpoints: Type.Array(Type.String({ description: '`ip:port` of ready addresses.' })),
});
export type ServicePortStatus = Static<typeof ServicePortStatus>;

export const ServiceStatus = resource('ServiceStatus', {
  ...meta,
  ports: described(nullable(Type.Array(ServicePortStatus)), 'Ports of the Service; null if there are none.'),
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
  host: Type.String({ description: 'Host of the first rule; empty for all hosts.' }),
  path: Type.String({ description: 'Path of the first rule.' }),
  serviceName: Type.String({ description: 'Service behind the path.' }),
  servicePort: Type.String({ description: 'Port of that Service, by number or name.' }),
});
export type IngressStatus = Static<typeof IngressStatus>;

export const ClaimStatus = resource('ClaimStatus', {
  ...labelled,
  storageClass: Type.String({ description: 'Name of the StorageClass.' }),
  volumeName: Type.String({ description: 'PersistentVolume that the claim is bound to; empty until bound.' }),
  capacity: Type.String({ description: 'Capacity of the volume, a Kubernetes quantity.' }),
  accessModes: Type.Array(Type.String(), { description: 'Access modes such as ReadWriteOnce.' }),
  volumeMode: Type.String({ description: 'Filesystem or Block.' }),
});
export type ClaimStatus = Static<typeof ClaimStatus>;

export const CronJobStatus = resource('CronJobStatus', {
  ...labelled,
  schedule: Type.String({ description: 'Schedule in cron syntax.' }),
  suspended: Type.Boolean({ description: 'Whether the CronJob is suspended.' }),
  active: Type.Integer({ description: 'Number of running Jobs.' }),
  lastScheduleTime: Type.String({ description: 'RFC 3339, empty before the first run.' }),
  jobs: Type.Array(JobStatus, { description: 'Jobs created by the CronJob.' }),
});
export type CronJobStatus = Static<typeof CronJobStatus>;

export const OtherStatus = resource('OtherStatus', {
  ...meta,
  apiVersion: Type.String({ description: 'API version of the kind.' }),
});
export type OtherStatus = Static<typeof OtherStatus>;

/** Every object of a release's manifest, with live state. The first eight keys are the original's. */
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
    pvcs: Type.Array(ClaimStatus, { description: 'Claims, including those created by StatefulSets.' }),
    cronjobs: Type.Array(CronJobStatus, { description: 'CronJobs.' }),
    others: Type.Array(OtherStatus, { description: 'Objects of all other kinds.' }),
  },
  { $id: 'ResourceSet' },
);
export type ResourceSet = Static<typeof ResourceSet>;
