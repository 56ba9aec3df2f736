import { Type } from 'typebox';

import { DNS_LABEL, LABEL_NAME } from '../../schemas/name-syntax.ts';

/** Name of an object of the cluster. */
function objectName(description: string) {
  return Type.String({ description, maxLength: 253, pattern: '^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$' });
}

/** Every `{parameter}` of the API's paths: its meaning and its pattern. */
export const pathParameters = {
  action: Type.String({
    description: 'pause, recover, restart or delete.',
    pattern: '^(pause|recover|restart|delete|adopt)$',
  }),
  namespace: Type.String({ description: 'Kubernetes namespace.', pattern: DNS_LABEL }),
  release: Type.String({
    description: 'Name of the release.',
    maxLength: 253,
    pattern: '^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$',
  }),
  revision: Type.String({ description: 'Number of the Helm revision.', pattern: '^[1-9][0-9]{0,8}$' }),
  project: Type.String({ description: 'Name of the project.', pattern: LABEL_NAME }),
  chart: Type.String({ description: 'Name of the chart.', pattern: '^[A-Za-z0-9._-]{1,250}$' }),
  repo: Type.String({ description: 'Name of a chart repository.', pattern: '^[^\\s/]{1,253}$' }),
  node: objectName('Name of the node.'),
  pod: objectName('Name of the pod.'),
  secret: objectName('Name of the Secret.'),
  claim: objectName('Name of the persistent volume claim.'),
  class: objectName('Name of the storage class.'),
  tenant: Type.String({ description: 'Name of the tenant: a namespace.', pattern: DNS_LABEL }),
  task: Type.String({ description: 'Id of the task.', pattern: '^[-A-Za-z0-9_.]{1,253}$' }),
} as const;
