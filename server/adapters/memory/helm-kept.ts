import { valueAt } from '../../domain/json/json-reading.ts';
import type { RemovedInstall } from '../../ports/helm/helm-changes.ts';
import type { ForetoldRemoval } from '../../ports/helm/helm-reader.ts';
import type { EngineWarning, HelmRelease, ManifestDocument, ObjectRef } from '../../ports/helm/helm-release.ts';

const WHY = 'its resource policy says that it is kept';
/** What the clean-up after a failed install never deletes. */
const KEPT_KINDS = ['PersistentVolumeClaim', 'CustomResourceDefinition'];

/** What a removal would do to the objects of a revision, except those of the revision that the release goes back to. */
export function fatesOf({ objects }: HelmRelease, goal: HelmRelease | undefined): ForetoldRemoval['objects'] {
  const stays = goal?.objects ?? [];
  return objects
    .filter((one) => !stays.some(({ kind, name }) => one.kind === kind && one.name === name))
    .map((one) => ({
      object: refOf(one),
      ...(isKept(one) ? { outcome: 'kept', reason: WHY } : { outcome: 'deleted', reason: '' }),
    }));
}

/** The warnings of an uninstall about objects that it leaves. */
export function warningsOfKept({ objects }: HelmRelease): EngineWarning[] {
  return objects.filter(isKept).map((one) => ({
    code: 'OBJECT_KEPT',
    message: `${one.kind} ${one.name} is kept: ${WHY}`,
    object: refOf(one),
  }));
}

/** What of failed revisions is removed, and what stays. */
export function keptOf(failed: readonly HelmRelease[]): RemovedInstall {
  const objects = new Map(
    failed.flatMap((one) => one.objects.map((object) => [`${object.kind}/${object.name}`, object])),
  );
  const stays = (one: ManifestDocument) => isKept(one) || KEPT_KINDS.includes(one.kind);
  const all = [...objects.values()];
  return { removed: all.filter((one) => !stays(one)).map(refOf), kept: all.filter(stays).map(refOf) };
}

function isKept({ object }: ManifestDocument): boolean {
  return valueAt(object, 'metadata', 'annotations', 'helm.sh/resource-policy') === 'keep';
}

function refOf({ apiVersion, kind, namespace, name }: ManifestDocument): ObjectRef {
  return { apiVersion, kind, namespace, name };
}
