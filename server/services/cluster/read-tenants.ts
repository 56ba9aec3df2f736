import type { Tenant, TenantList } from '../../../contract/schemas/cluster/tenant.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import { describeTenant } from '../../domain/cluster/describe-tenant.ts';
import { tenantInGoWords } from '../../domain/cluster/go-words.ts';
import { tenantNotFound } from '../../domain/errors/object-problems.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';
import { keyText } from '../../domain/lists/keyset-page.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import type { Authorization } from '../access/authorization.ts';
import { collectObjects } from './collect-objects.ts';
import { askList, type ObjectListQuery } from './object-list.ts';

export type ReadTenantsDeps = {
  reader: ObjectReader;
  authorization: Pick<Authorization, 'may'>;
  /** Tell times and states as the original Walm did (decision 22: compatibility). */
  inGoWords: boolean;
};

/** Reads tenants in the name of the caller; throws as `ObjectReader`, and the errors that are named. */
export interface ReadTenants {
  /** @throws ProblemError QUERY_INVALID, TOO_MANY_OBJECTS */
  listTenants(query: ObjectListQuery, reading: ObjectReading): Promise<TenantList>;
  /** @throws ProblemError TENANT_NOT_FOUND */
  getTenant(name: string, reading: ObjectReading): Promise<Tenant>;
}

const LIST_QUOTAS = { verb: 'list', group: '', resource: 'resourcequotas' } as const;

export function createReadTenants({ reader, authorization, inGoWords }: ReadTenantsDeps): ReadTenants {
  /** The quotas of one namespace, or of all (empty); null if the caller may not list them. */
  async function quotasOf(namespace: string, reading: ObjectReading): Promise<KubeObject[] | null> {
    if (reading.as !== null && !(await authorization.may(reading.as, questionOf(LIST_QUOTAS, namespace)))) {
      return null;
    }
    const place = { kind: 'ResourceQuota', ...(namespace !== '' && { namespace }) } as const;
    return collectObjects(reader, place, reading, (quota) => quota);
  }

  const told = (tenant: Tenant) => (inGoWords ? tenantInGoWords(tenant) : tenant);

  return {
    async listTenants(query, reading) {
      const asked = askList(query);
      const quotas = await quotasOf('', reading);
      const byNamespace = Map.groupBy(quotas ?? [], ({ metadata }) => metadata.namespace ?? '');
      const found = await collectObjects(reader, { kind: 'Namespace' }, reading, (namespace) => {
        const { name, labels } = namespace.metadata;
        return asked.wants(name, labels)
          ? told(describeTenant(namespace, quotas && (byNamespace.get(name) ?? [])))
          : undefined;
      });
      return asked.page(found, ({ tenantName }) => [keyText(tenantName)]);
    },
    async getTenant(name, reading) {
      const namespace = await reader.get('Namespace', { name }, reading);
      if (namespace === null) {
        throw tenantNotFound(name);
      }
      return told(describeTenant(namespace, await quotasOf(name, reading)));
    },
  };
}
