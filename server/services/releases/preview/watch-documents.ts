import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import type { DocumentTransform } from '../../../ports/helm/release-content.ts';

/**
 * A transform that remembers the objects as the chart rendered them, before `transform` or the engine changed them;
 * hooks are not included. `documents` is undefined until the engine calls the transform.
 */
export function watchDocuments(transform: DocumentTransform): {
  transform: DocumentTransform;
  documents: () => readonly ManifestDocument[] | undefined;
} {
  let seen: readonly ManifestDocument[] | undefined;
  return {
    transform: {
      ...transform,
      always: true,
      run(documents, origin) {
        if (!origin.recorded) {
          seen = documents.filter(({ hook }) => hook === undefined);
        }
        return transform.run(documents, origin);
      },
    },
    documents: () => seen,
  };
}
