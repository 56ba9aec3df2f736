import { bulkOperations } from './bulk-operations.ts';
import { chartOperations } from './chart-operations.ts';
import { lifecycleOperations } from './lifecycle-operations.ts';
import { checkOperations } from './check-operations.ts';
import { exportOperations } from './export-operations.ts';
import { historyOperations } from './history-operations.ts';
import { eventOperations } from './event-operations.ts';
import type { Operation } from './parts/operation.ts';
import { clusterOperations } from './cluster/cluster-operations.ts';
import { dependencyOperations } from './dependency-operations.ts';
import { objectOperations } from './object-operations.ts';
import { pluginOperations } from './plugin-operations.ts';
import { projectOperations } from './project-operations.ts';
import { releaseOperations } from './release-operations.ts';
import { rollbackOperations } from './rollback-operations.ts';
import { systemOperations } from './system-operations.ts';
import { taskOperations } from './task-operations.ts';
import { totalsOperations } from './totals-operations.ts';

/** The API: every operation by its id. Server, client, OpenAPI document and reference pages come from this table. */
export const operations = {
  ...releaseOperations,
  ...lifecycleOperations,
  ...bulkOperations,
  ...totalsOperations,
  ...historyOperations,
  ...checkOperations,
  ...objectOperations,
  ...rollbackOperations,
  ...chartOperations,
  ...eventOperations,
  ...dependencyOperations,
  ...clusterOperations,
  ...pluginOperations,
  ...projectOperations,
  ...exportOperations,
  ...taskOperations,
  ...systemOperations,
} satisfies Record<string, Operation>;

export type Operations = typeof operations;

/** Id of an operation of the API. */
export type OperationId = keyof Operations;
