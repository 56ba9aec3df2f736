import type { StorageClass } from '../../../contract/schemas/cluster/storage-class.ts';
import { asString, asTextMap } from '../json/json-reading.ts';
import { fieldOf, type KubeObject, refOf } from '../kube/kube-object.ts';
import { metaOf, READY } from '../status/resource-state.ts';

const IS_DEFAULT = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

/** A storage class as the API shows it. */
export function describeStorageClass(object: KubeObject): StorageClass {
  const text = (name: string) => asString(fieldOf(object, name));
  return {
    ...metaOf({ ...refOf(object), kind: 'StorageClass' }, READY),
    provisioner: text('provisioner'),
    reclaimPolicy: text('reclaimPolicy'),
    allowVolumeExpansion: fieldOf(object, 'allowVolumeExpansion') === true,
    volumeBindingMode: text('volumeBindingMode'),
    isDefault: IS_DEFAULT.some((name) => object.metadata.annotations?.[name] === 'true'),
    parameters: { ...asTextMap(fieldOf(object, 'parameters')) },
  };
}
