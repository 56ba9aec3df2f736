import { claimOperations } from './claim-operations.ts';
import { nodeOperations } from './node-operations.ts';
import { podOperations } from './pod-operations.ts';
import { secretOperations } from './secret-operations.ts';
import { storageClassOperations } from './storage-class-operations.ts';
import { tenantOperations } from './tenant-operations.ts';

/** The operations on objects of the cluster other than releases. */
export const clusterOperations = {
  ...nodeOperations,
  ...podOperations,
  ...secretOperations,
  ...claimOperations,
  ...storageClassOperations,
  ...tenantOperations,
};
