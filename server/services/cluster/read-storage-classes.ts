import type { StorageClass, StorageClassList } from '../../../contract/schemas/cluster/storage-class.ts';
import { describeStorageClass } from '../../domain/cluster/describe-storage-class.ts';
import { storageClassNotFound } from '../../domain/errors/object-problems.ts';
import { keyText } from '../../domain/lists/keyset-page.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import { collectObjects } from './collect-objects.ts';
import { askList, type ObjectListQuery } from './object-list.ts';

/** Reads storage classes in the name of the caller; throws as `ObjectReader`, and the errors that are named. */
export interface ReadStorageClasses {
  /** @throws ProblemError QUERY_INVALID, TOO_MANY_OBJECTS */
  listStorageClasses(query: ObjectListQuery, reading: ObjectReading): Promise<StorageClassList>;
  /** @throws ProblemError STORAGE_CLASS_NOT_FOUND */
  getStorageClass(name: string, reading: ObjectReading): Promise<StorageClass>;
}

export function createReadStorageClasses({ reader }: { reader: ObjectReader }): ReadStorageClasses {
  return {
    async listStorageClasses(query, reading) {
      const asked = askList(query);
      const found = await collectObjects(reader, { kind: 'StorageClass' }, reading, (object) =>
        asked.wants(object.metadata.name, object.metadata.labels) ? describeStorageClass(object) : undefined,
      );
      return asked.page(found, ({ name }) => [keyText(name)]);
    },
    async getStorageClass(name, reading) {
      const found = await reader.get('StorageClass', { name }, reading);
      if (found === null) {
        throw storageClassNotFound(name);
      }
      return describeStorageClass(found);
    },
  };
}
