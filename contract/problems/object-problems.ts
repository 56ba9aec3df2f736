import type { ProblemKind } from './problem-kind.ts';

/** Errors of objects of the cluster other than releases, in alphabetical order. */
export const objectProblems = {
  CLAIM_IN_USE: {
    status: 409,
    title: 'Something still uses the persistent volume claim',
    retryable: true,
    remedy: 'Delete or scale down what `details` names; claims of a StatefulSet are free when the StatefulSet is gone.',
  },
  CLAIM_NOT_FOUND: {
    status: 404,
    title: 'The persistent volume claim does not exist',
    retryable: false,
    remedy: 'Check name and namespace; `GET /api/v1/pvc/{namespace}` lists the claims.',
  },
  CONTAINER_NOT_FOUND: {
    status: 404,
    title: 'The pod has no such container',
    retryable: false,
    remedy: 'Use one of the containers in `details`, or omit it for the default container.',
  },
  CONTAINER_WAITING: {
    status: 409,
    title: 'The container has no such log yet',
    retryable: true,
    remedy: 'Wait until the container runs; `previous=true` needs a container that was restarted.',
  },
  LOGS_UNAVAILABLE: {
    status: 502,
    title: 'The node did not return the log',
    retryable: true,
    remedy: 'Check the node of the pod, then send the request again.',
  },
  NODE_NOT_FOUND: {
    status: 404,
    title: 'The node does not exist',
    retryable: false,
    remedy: 'Check the name; `GET /api/v1/node` lists the nodes.',
  },
  OBJECT_AMBIGUOUS: {
    status: 409,
    title: 'Several objects of the release have this kind and name',
    retryable: false,
    remedy: 'Add `apiVersion` and `objectNamespace` of one of those in `details`.',
  },
  OBJECT_CHANGED: {
    status: 409,
    title: 'The object was changed or replaced at the same time',
    retryable: true,
    remedy: 'Look at the object again, then send the request again.',
  },
  OBJECT_NOT_FOUND: {
    status: 404,
    title: 'The release has no such object, or the cluster does not have it',
    retryable: false,
    remedy: 'Look at the manifest of the release: the message says where the object is missing.',
  },
  POD_NOT_FOUND: {
    status: 404,
    title: 'The pod does not exist',
    retryable: false,
    remedy: 'Check name and namespace; `GET /api/v1/pod/{namespace}` lists the pods.',
  },
  POD_UNMANAGED: {
    status: 409,
    title: 'No controller would make the pod again',
    retryable: false,
    remedy: 'Send `force=true` to delete the pod for good.',
  },
  QUANTITY_INVALID: {
    status: 422,
    title: 'A limit of a quota is not a quantity',
    retryable: false,
    remedy: 'Correct the field that the message names: `500m`, `4`, `8Gi`; numbers of objects are whole.',
  },
  SECRET_DATA_INVALID: {
    status: 422,
    title: 'A value of the Secret cannot be stored',
    retryable: false,
    remedy: 'Correct the key that the message names: values of `data` are base64, those of `stringData` are texts.',
  },
  SECRET_EXISTS: {
    status: 409,
    title: 'The Secret exists already',
    retryable: false,
    remedy: 'Send the request with `PUT` to replace its values, or choose another name.',
  },
  SECRET_NOT_FOUND: {
    status: 404,
    title: 'The Secret does not exist',
    retryable: false,
    remedy: 'Check name and namespace; `GET /api/v1/secret/{namespace}` lists the Secrets.',
  },
  SECRET_RESERVED: {
    status: 422,
    title: 'Helm or Walm keep what is theirs in Secrets of this type',
    retryable: false,
    remedy: 'Use another type; records of releases are changed by operations on the release.',
  },
  STORAGE_CLASS_NOT_FOUND: {
    status: 404,
    title: 'The storage class does not exist',
    retryable: false,
    remedy: 'Check the name; `GET /api/v1/storageclass` lists the classes.',
  },
  TENANT_EXISTS: {
    status: 409,
    title: 'The tenant exists already',
    retryable: false,
    remedy: 'Send the request with `PUT` to change it, or with `ignoreExisting=true` to leave it as it is.',
  },
  TENANT_NOT_FOUND: {
    status: 404,
    title: 'The tenant does not exist',
    retryable: false,
    remedy: 'Check the name; `GET /api/v1/tenant` lists the tenants.',
  },
  TENANT_RESERVED: {
    status: 422,
    title: 'The namespace belongs to Kubernetes and cannot be a tenant',
    retryable: false,
    remedy: 'Choose another name: neither `default` nor one that begins with `kube-`.',
  },
  TOO_MANY_CLAIMS: {
    status: 409,
    title: 'The selector matches more claims than `limit` allows',
    retryable: false,
    remedy: 'Narrow the label selector or raise `limit`; `dryrun=true` shows the claims that match.',
  },
  TOO_MANY_OBJECTS: {
    status: 422,
    title: 'There are more objects than Walm reads for one answer',
    retryable: false,
    remedy: 'Read single objects by name, or list them with kubectl.',
  },
} as const satisfies Record<string, ProblemKind>;
