import { mayOn } from '../../schemas/access.ts';
import { StorageClass, StorageClassList } from '../../schemas/cluster/storage-class.ts';
import { operation } from '../parts/operation.ts';
import { readObjectErrors } from '../parts/release-errors.ts';
import { objectListQuery } from './object-list-query.ts';

const classes = { group: 'storage.k8s.io', resource: 'storageclasses' } as const;

/** The operations that read storage classes. */
export const storageClassOperations = {
  listStorageClasses: operation({
    method: 'GET',
    path: '/api/v1/storageclass',
    tag: 'cluster',
    access: mayOn({ namespace: null }, { verb: 'list', ...classes }),
    summary: 'List the storage classes of the cluster',
    description: 'Read in the name of the caller.',
    query: objectListQuery,
    responses: { 200: { description: 'The storage classes.', schema: StorageClassList } },
    errors: readObjectErrors,
    errorPrefix: 'failed to get storageClasses: ',
  }),
  getStorageClass: operation({
    method: 'GET',
    path: '/api/v1/storageclass/{class}',
    tag: 'cluster',
    access: mayOn({ namespace: null, name: 'class' }, { verb: 'get', ...classes }),
    summary: 'Get a storage class',
    responses: { 200: { description: 'The storage class.', schema: StorageClass } },
    errors: [...readObjectErrors, 'STORAGE_CLASS_NOT_FOUND'],
    errorPrefix: 'failed to get storageClass: ',
    unprefixed: ['STORAGE_CLASS_NOT_FOUND'],
  }),
};
