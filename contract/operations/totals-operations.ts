import { mayCreateOrUpdate } from '../schemas/access.ts';
import { operation, type ResponseSpec } from './parts/operation.ts';
import { dryRunQuery } from './parts/query-parameters.ts';
import { archiveErrors, dryRunErrors } from './parts/release-errors.ts';
import { requestBody, requestForm, warningsHeader } from './release-operations.ts';
import { ReleaseTotals } from '../schemas/resource-totals.ts';

const totals = {
  description:
    'The requested resources. Each of the first five fields is null if the manifest has no object of the kind.',
  schema: ReleaseTotals,
  headers: warningsHeader,
} as const satisfies ResponseSpec;

const description =
  'In cores, Mi and Gi. In addition to the figures per workload, `total` is the sum over all pods, and `quota` says whether ' +
  "the namespace's ResourceQuotas have room (of an existing release only the growth counts). Nothing is written.";

const query = { createNamespace: dryRunQuery.createNamespace, strict: dryRunQuery.strict };

/** The operations that compute the resources of a release. */
export const totalsOperations = {
  estimateResources: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/dryrun/resources',
    tag: 'release',
    access: mayCreateOrUpdate,
    summary: 'Compute the resources that an install or upgrade would request',
    description,
    query,
    body: requestBody,
    responses: { 200: totals },
    errors: dryRunErrors,
    errorPrefix: 'failed to compute resources by dry run release: ',
  }),
  estimateResourcesWithChart: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/dryrun/withchart/resources',
    tag: 'release',
    access: mayCreateOrUpdate,
    summary: 'Compute the resources that an uploaded chart archive would request',
    description,
    query,
    body: requestForm,
    responses: { 200: totals },
    errors: [...dryRunErrors, ...archiveErrors],
    errorPrefix: 'failed to compute resources by dry run release: ',
  }),
};
