import type { ProblemKind } from './problem-kind.ts';

/** Errors of the cluster, or of the engine between it and Walm, in alphabetical order. */
export const clusterProblems = {
  ADMISSION_REFUSED: {
    status: 422,
    title: 'The cluster refused an object',
    retryable: false,
    remedy:
      'Change the values so that the object named in `details` satisfies the admission rule quoted in the message.',
  },
  ADMISSION_UNAVAILABLE: {
    status: 502,
    title: 'An admission webhook of the cluster does not respond',
    retryable: true,
    remedy: 'Send the request again; if the error persists, repair or remove the webhook named in `details`.',
  },
  API_NOT_CONVERTIBLE: {
    status: 422,
    title: 'An object uses an API version that the cluster no longer serves, and cannot be converted',
    retryable: false,
    remedy: 'Change the chart as the message says, or disable the object with the values of the chart.',
  },
  CLUSTER_FAILED: {
    status: 502,
    title: 'The Kubernetes API server, or a proxy in front of it, returned an unexpected response',
    retryable: true,
    remedy: 'Look at the response quoted in the message, then send the request again.',
  },
  CLUSTER_UNREACHABLE: {
    status: 503,
    title: 'The Kubernetes API server does not respond',
    retryable: true,
    remedy: 'Check the cluster and the connection to it, then send the request again.',
  },
  CRD_OUTDATED: {
    status: 422,
    title: 'The custom resource definition in the cluster is older than the one in the chart',
    retryable: false,
    remedy: 'Send `crds=apply` to apply the CRDs of the chart to the cluster; this affects every user of the kind.',
  },
  ENGINE_BUSY: {
    status: 429,
    title: 'The engine is too busy to load or render the chart',
    retryable: true,
    remedy: 'Send the request again after the time in `Retry-After`. The engine is shared fairly among callers.',
  },
  ENGINE_STOPPED: {
    status: 503,
    title: 'The engine stopped during the operation',
    retryable: true,
    remedy: 'Send the request again: the engine has been restarted. If the error persists, look at the server log.',
  },
  FIELD_CONFLICT: {
    status: 409,
    title: 'Another field manager owns a field that the operation would change',
    retryable: false,
    remedy: 'Undo the other change, leave the field to its manager, or send `forceConflicts=true` to take it over.',
  },
  FIELD_IMMUTABLE: {
    status: 422,
    title: 'A field cannot be changed once the object exists',
    retryable: false,
    remedy:
      'Leave the field unchanged, or recreate the object named in `details`: `recreate=orphan` keeps its pods, `recreate=delete` does not. `details.recreate` of an upgrade lists what is possible, and what it costs.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'The caller lacks a permission in the cluster',
    retryable: false,
    remedy: 'Ask a cluster administrator for the permission named in the message.',
  },
  KIND_UNKNOWN: {
    status: 422,
    title: 'The manifest contains a kind that the cluster does not know',
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
    title: 'This Walm instance does not watch the namespace',
    retryable: false,
    remedy: 'Use one of the namespaces in `details`, or add this one to the option `watchNamespaces`.',
  },
  NAMESPACE_TERMINATING: {
    status: 409,
    title: 'The namespace is being deleted',
    retryable: true,
    remedy: 'Wait until the namespace is gone, create it again, and send the request again.',
  },
  OBJECT_BEING_DELETED: {
    status: 409,
    title: 'An object of the chart is still being deleted',
    retryable: true,
    remedy: 'Send the request again when the object is gone; if it stays, check the finalizers in `details`.',
  },
  QUOTA_EXCEEDED: {
    status: 422,
    title: 'The change exceeds a quota of the namespace',
    retryable: true,
    remedy: 'Request fewer resources, or raise the ResourceQuota named in the message.',
  },
  RESOURCE_EXISTS: {
    status: 409,
    title: 'An object of the chart already exists and does not belong to the release',
    retryable: false,
    remedy: 'Delete or rename the object named in the message, or choose another release name.',
  },
  SEAL_KEY_INVALID: {
    status: 503,
    title: 'The seal keys cannot be used',
    retryable: true,
    remedy:
      'Ask an administrator to repair the file or the Secret that the message names; docs/guide/seals.md says how.',
  },
} as const satisfies Record<string, ProblemKind>;
