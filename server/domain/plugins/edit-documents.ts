import type { JsonObject } from '../json/json.ts';
import type { DocumentChanges, ManifestDocument } from '../kube/manifest-document.ts';

/** Rewrites each document's object; an unchanged object is not a change. */
export function editDocuments(
  documents: readonly ManifestDocument[],
  edit: (document: ManifestDocument) => JsonObject,
): DocumentChanges {
  const changed = documents.flatMap((document) => {
    const object = edit(document);
    return object === document.object ? [] : [{ index: document.index, object }];
  });
  return { changed, added: [], warnings: [] };
}
