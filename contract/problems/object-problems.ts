import type { ProblemKind } from './problem-kind.ts';

/** Errors of reading objects of the cluster, in alphabetical order. */
export const objectProblems = {
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
    remedy: 'Use one of the containers in `details`, or none: then the default one is meant.',
  },
  CONTAINER_WAITING: {
    status: 409,
    title: 'The container has no such log yet',
    retryable: true,
    remedy: 'Wait until the container runs; `previous=true` needs a container that was restarted.',
  },
  LOGS_UNAVAILABLE: {
    status: 502,
    title: 'The node does not hand out the log',
    retryable: true,
    remedy: 'Check the node of the pod, then send the request again.',
  },
  NODE_NOT_FOUND: {
    status: 404,
    title: 'The node does not exist',
    retryable: false,
    remedy: 'Check the name; `GET /api/v1/node` lists the nodes.',
  },
  POD_NOT_FOUND: {
    status: 404,
    title: 'The pod does not exist',
    retryable: false,
    remedy: 'Check name and namespace; `GET /api/v1/pod/{namespace}` lists the pods.',
  },
  SECRET_NOT_FOUND: {
    status: 404,
    title: 'The Secret does not exist',
    retryable: false,
    remedy: 'Check name and namespace; `GET /api/v1/secret/{namespace}` lists the Secrets.',
  },
  STORAGE_CLASS_NOT_FOUND: {
    status: 404,
    title: 'The storage class does not exist',
    retryable: false,
    remedy: 'Check the name; `GET /api/v1/storageclass` lists the classes.',
  },
  TENANT_NOT_FOUND: {
    status: 404,
    title: 'The tenant does not exist',
    retryable: false,
    remedy: 'Check the name; `GET /api/v1/tenant` lists the tenants.',
  },
  TOO_MANY_OBJECTS: {
    status: 422,
    title: 'There are more objects than Walm reads for one answer',
    retryable: false,
    remedy: 'Read single objects by name, or list them with kubectl.',
  },
} as const satisfies Record<string, ProblemKind>;
