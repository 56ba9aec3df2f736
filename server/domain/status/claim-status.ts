import type { Awaited } from '../../../contract/schemas/release.ts';
import type { ClaimStatus } from '../../../contract/schemas/release-resources.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { asArray, asString, valueAt } from '../json/json-reading.ts';
import { type KubeObject, type ObjectRef, refOf, specOf, statusOf } from '../kube/kube-object.ts';
import { awaits, type Described, labelsOf, metaOf, notFound, stateOf } from './resource-state.ts';

/** The legacy annotation of the storage class. */
const STORAGE_CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

function storageClassOf(claim: KubeObject): string {
  return asString(specOf(claim)['storageClassName']) || (claim.metadata.annotations?.[STORAGE_CLASS_ANNOTATION] ?? '');
}

/** What an unbound claim waits for; undefined if it is bound. */
export function claimWait(view: ClusterView, claim: KubeObject): Awaited | undefined {
  const phase = asString(statusOf(claim)['phase']);
  if (phase === 'Bound') {
    return undefined;
  }
  const storageClass = storageClassOf(claim);
  const [warning] = view.warningsOf(claim.metadata.uid ?? '');
  const where = storageClass === '' ? 'no storage class' : `storage class ${storageClass}`;
  const why = warning === undefined ? '' : `: ${warning.message}`;
  return phase === 'Lost'
    ? awaits(refOf(claim), 'Lost', 'the volume that it was bound to is gone')
    : awaits(refOf(claim), 'Unbound', `no volume is bound to it yet (${where})${why}`);
}

/** A claim is ready when it is bound. */
export function describeClaim(
  view: ClusterView,
  ref: ObjectRef,
  claim: KubeObject | undefined,
): Described<ClaimStatus> {
  const spec = claim === undefined ? {} : specOf(claim);
  const status = claim === undefined ? {} : statusOf(claim);
  const wait = claim === undefined ? notFound(ref) : claimWait(view, claim);
  return {
    shown: {
      ...metaOf(ref, stateOf(claim === undefined ? 'NotFound' : asString(status['phase']) || 'Pending')),
      ...labelsOf(claim),
      storageClass: claim === undefined ? '' : storageClassOf(claim),
      volumeName: asString(spec['volumeName']),
      capacity: asString(valueAt(status, 'capacity', 'storage')),
      accessModes: asArray(spec['accessModes']).map(asString),
      volumeMode: asString(spec['volumeMode']),
    },
    waitingFor: wait === undefined ? [] : [wait],
  };
}
