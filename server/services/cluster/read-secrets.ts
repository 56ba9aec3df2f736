import type { ClusterSecret, ClusterSecretList } from '../../../contract/schemas/cluster/secret.ts';
import { describeSecret, INTERNAL_TYPES, isInternalSecret } from '../../domain/cluster/describe-secret.ts';
import { secretNotFound } from '../../domain/errors/object-problems.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { keyText } from '../../domain/lists/keyset-page.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import { collectObjects } from './collect-objects.ts';
import { askList, type ObjectListQuery } from './object-list.ts';

/**
 * Reads Secrets in the name of the caller; throws as `ObjectReader`, and the errors that are named. Those of Walm's own
 * namespace control every release, and are never shown: without authentication, each caller would read them as Walm.
 */
export interface ReadSecrets {
  /** Without values. @throws ProblemError NAMESPACE_RESERVED, QUERY_INVALID, TOO_MANY_OBJECTS */
  listSecrets(
    namespace: string,
    query: ObjectListQuery & { internal: boolean },
    reading: ObjectReading,
  ): Promise<ClusterSecretList>;
  /** With its values. @throws ProblemError NAMESPACE_RESERVED, SECRET_NOT_FOUND */
  getSecret(namespace: string, name: string, reading: ObjectReading): Promise<ClusterSecret>;
}

export function createReadSecrets({
  reader,
  systemNamespace,
}: {
  reader: ObjectReader;
  systemNamespace: string;
}): ReadSecrets {
  function mustBeOthers(namespace: string): void {
    if (namespace === systemNamespace) {
      const object = { kind: 'Namespace', name: namespace };
      throw problem(
        'NAMESPACE_RESERVED',
        `the Secrets of namespace ${namespace} are Walm's own and are not shown`,
        { namespace },
        object,
      );
    }
  }

  return {
    async listSecrets(namespace, { internal, ...query }, reading) {
      mustBeOthers(namespace);
      const asked = askList(query, { internal });
      // Records of Helm are large and many: they are left out by the cluster.
      const place = { kind: 'Secret', namespace, ...(!internal && { exceptTypes: INTERNAL_TYPES }) } as const;
      const found = await collectObjects(reader, place, reading, (object) =>
        asked.wants(object.metadata.name, object.metadata.labels) && (internal || !isInternalSecret(object))
          ? describeSecret(object, { values: false })
          : undefined,
      );
      return asked.page(found, ({ name }) => [keyText(name)]);
    },
    async getSecret(namespace, name, reading) {
      mustBeOthers(namespace);
      const found = await reader.get('Secret', { namespace, name }, reading);
      if (found === null) {
        throw secretNotFound(namespace, name);
      }
      return describeSecret(found, { values: true });
    },
  };
}
