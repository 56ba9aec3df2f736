import type { Masker } from './masker.ts';

/** The fields by which an object is named; a chart may put secrets into each. */
type Named = { apiVersion?: string; kind?: string; namespace?: string; name?: string };

/** A reference to an object without secrets in its names. Every other field stays as it is. */
export function maskReference<Ref extends Named>(ref: Ref, masker: Masker): Ref {
  if (masker.isEmpty) {
    return ref;
  }
  const { apiVersion, kind, namespace, name } = ref;
  return {
    ...ref,
    ...(apiVersion !== undefined && { apiVersion: masker.text(apiVersion) }),
    ...(kind !== undefined && { kind: masker.text(kind) }),
    ...(namespace !== undefined && { namespace: masker.text(namespace) }),
    ...(name !== undefined && { name: masker.text(name) }),
  };
}
