import { Type, type Static } from 'typebox';
import { described, TextMap } from '../json.ts';
import { meta } from '../release-resources.ts';
import { shownList } from './shown-list.ts';

/** A storage class of the cluster. */
export const StorageClass = Type.Object(
  {
    ...meta,
    provisioner: Type.String({ description: 'What makes its volumes.' }),
    reclaimPolicy: Type.String({ description: 'Delete or Retain: what becomes of a volume without its claim.' }),
    allowVolumeExpansion: Type.Boolean({ description: 'Whether claims may be enlarged.' }),
    volumeBindingMode: Type.String({ description: 'Immediate or WaitForFirstConsumer.' }),
    isDefault: Type.Boolean({ description: 'Whether claims without a class get it.' }),
    parameters: described(TextMap, 'Parameters of the provisioner.'),
  },
  { $id: 'StorageClass' },
);
export type StorageClass = Static<typeof StorageClass>;

export const StorageClassList = shownList('StorageClassList', StorageClass);
export type StorageClassList = Static<typeof StorageClassList>;
