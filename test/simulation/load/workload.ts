import { asString, valueAt } from '../../../server/domain/json/json-reading.ts';
import type { ApiServer } from '../api-server.ts';

/** When the pods of a release were last restarted, RFC 3339; empty if never. */
export function restartedAt({ list }: Pick<ApiServer, 'list'>, at: { namespace: string; name: string }): string {
  const found = list(`/apis/apps/v1/namespaces/${at.namespace}/deployments`).items.find(
    ({ metadata }) => metadata.name === at.name,
  );
  return asString(valueAt(found?.spec, 'template', 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt'));
}
