import type { JsonObject } from '../json.ts';
import { asObject, asString } from '../json-reading.ts';
import type { DocumentChanges, ManifestDocument } from '../manifest-document.ts';

/** The documents as they are after `changes`; added ones come last, with indexes of their own. */
export function applyChanges(
  documents: readonly ManifestDocument[],
  { changed, added }: Pick<DocumentChanges, 'changed' | 'added'>,
  namespace: string,
): ManifestDocument[] {
  const byIndex = new Map(changed.map(({ index, object }) => [index, object]));
  const kept = documents.flatMap((document) => {
    const object = byIndex.get(document.index);
    return object === null ? [] : [object === undefined ? document : withObject(document, object)];
  });
  const next = documents.reduce((highest, { index }) => Math.max(highest, index), -1) + 1;
  return [...kept, ...added.map((object, offset) => addedDocument(object, next + offset, namespace))];
}

/** What leads from the documents `before` to those `after`; untouched objects must be the same ones. */
export function changesBetween(
  before: readonly ManifestDocument[],
  after: readonly ManifestDocument[],
): Pick<DocumentChanges, 'changed' | 'added'> {
  const left = new Map(after.map((document) => [document.index, document]));
  const known = new Set(before.map(({ index }) => index));
  return {
    changed: before.flatMap(({ index, object }) => {
      const now = left.get(index)?.object ?? null;
      return now === object ? [] : [{ index, object: now }];
    }),
    added: after.filter(({ index }) => !known.has(index)).map(({ object }) => object),
  };
}

/** Rewrites each document's object; one that comes back as it was is no change. */
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

function withObject(document: ManifestDocument, object: JsonObject): ManifestDocument {
  return {
    ...document,
    object,
    apiVersion: asString(object['apiVersion']),
    kind: asString(object['kind']),
    name: asString(asObject(object['metadata'])['name']),
  };
}

function addedDocument(object: JsonObject, index: number, namespace: string): ManifestDocument {
  const metadata = asObject(object['metadata']);
  return {
    index,
    source: '',
    apiVersion: asString(object['apiVersion']),
    kind: asString(object['kind']),
    namespace: asString(metadata['namespace']) || namespace,
    name: asString(metadata['name']),
    object,
  };
}
