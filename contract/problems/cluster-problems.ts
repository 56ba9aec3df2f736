import type { ProblemKind } from './problem-kind.ts';

/** What the cluster, or the engine between it and Walm, answers to a change, in alphabetical order. */
export const clusterProblems = {
  ADMISSION_REFUSED: {
    status: 422,
    title: 'The cluster refused an object',
    retryable: false,
    remedy: 'Change the values so that the object named in `details` satisfies the admission rule that is quoted.',
  },
  ADMISSION_UNAVAILABLE: {
    status: 502,
    title: 'An admission webhook of the cluster does not answer',
    retryable: true,
    remedy: 'Send the request again; if it stays so, have the webhook named in `details` mended or removed.',
  },
  API_NOT_CONVERTIBLE: {
    status: 422,
    title: 'An object is written in an API version that the cluster no longer serves, and cannot be converted',
    retryable: false,
    remedy: 'Change the chart as the reason in the message says, or turn the object off by the values of the chart.',
  },
  CLUSTER_FAILED: {
    status: 502,
    title: 'The Kubernetes API server, or something before it, answered what it should not',
    retryable: true,
    remedy: 'Look at what the answer in the message says, then send the request again.',
  },
  CLUSTER_UNREACHABLE: {
    status: 503,
    title: 'The Kubernetes API server does not answer',
    retryable: true,
    remedy: 'Check the cluster and the connection to it, then send the request again.',
  },
  CRD_OUTDATED: {
    status: 422,
    title: 'The custom resource definition in the cluster is older than that of the chart',
    retryable: false,
    remedy: 'Send `crds=apply` to bring the definitions of the chart into the cluster, for everybody who uses them.',
  },
  ENGINE_BUSY: {
    status: 429,
    title: 'There was no room in time to load or render the chart',
    retryable: true,
    remedy: 'Send the request again after the time in `Retry-After`. Each caller has a share of what there is.',
  },
  ENGINE_STOPPED: {
    status: 503,
    title: 'The engine stopped while it was working',
    retryable: true,
    remedy: 'Send the request again: the engine has been restarted. If it happens again, look at the server log.',
  },
  FIELD_CONFLICT: {
    status: 409,
    title: 'Another manager owns a field that the operation would change',
    retryable: false,
    remedy: 'Remove the other change, leave the field to its manager, or send `forceConflicts=true` to take it over.',
  },
  FIELD_IMMUTABLE: {
    status: 422,
    title: 'A field cannot be changed once the object exists',
    retryable: false,
    remedy:
      'Leave the field as it is, or have the object named in `details` made anew: `recreate=orphan` keeps its pods, `recreate=delete` does not.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'The cluster does not allow it',
    retryable: false,
    remedy: 'Ask the administrator of the cluster for the permission named in the message.',
  },
  KIND_UNKNOWN: {
    status: 422,
    title: 'The cluster does not know a kind that the manifest contains',
    retryable: false,
    remedy:
      'Install the custom resource definition first, or change the chart to an API version that the cluster serves.',
  },
  KUBE_VERSION_INCOMPATIBLE: {
    status: 422,
    title: 'The chart does not support this version of Kubernetes',
    retryable: false,
    remedy: 'Use a version of the chart that supports the Kubernetes version in `details`.',
  },
  NAMESPACE_NOT_FOUND: {
    status: 404,
    title: 'The namespace does not exist',
    retryable: false,
    remedy: 'Create the namespace first, or send the request with `createNamespace=true`.',
  },
  NAMESPACE_NOT_WATCHED: {
    status: 404,
    title: 'Walm does not look after the namespace',
    retryable: false,
    remedy: 'Use one of the namespaces in `details`, or add this one to `watchNamespaces` of the configuration.',
  },
  NAMESPACE_TERMINATING: {
    status: 409,
    title: 'The namespace is being deleted',
    retryable: true,
    remedy: 'Wait until the namespace is gone, create it again, and send the request again.',
  },
  OBJECT_BEING_DELETED: {
    status: 409,
    title: 'An object of the chart is being deleted and is not gone',
    retryable: true,
    remedy: 'Send the request again when the object is gone; see to the finalizers in `details` if it stays.',
  },
  QUOTA_EXCEEDED: {
    status: 422,
    title: 'A quota of the namespace does not allow it',
    retryable: true,
    remedy: 'Ask for less, or have the ResourceQuota named in the message raised.',
  },
  RESOURCE_EXISTS: {
    status: 409,
    title: 'An object of the chart exists already and belongs to something else',
    retryable: false,
    remedy: 'Delete or rename the object named in the message, or choose another release name.',
  },
  SEAL_KEY_INVALID: {
    status: 503,
    title: 'The keys of the seals cannot be used',
    retryable: true,
    remedy: 'Ask an administrator to mend the file or the Secret that the message names; the guide on seals says how.',
  },
} as const satisfies Record<string, ProblemKind>;
