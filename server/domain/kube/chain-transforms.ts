import type { Warning } from '../../../contract/schemas/warning.ts';
import type { JsonObject } from '../json/json.ts';
import { asString, valueAt } from '../json/json-reading.ts';
import type { DocumentChanges, ManifestDocument, TransformDocuments } from './manifest-document.ts';

/** Changes in several steps; each step sees the documents as the earlier ones left them. */
export type TransformChain = {
  /** The documents for the next step, including added ones. */
  documents(): readonly ManifestDocument[];
  add(changes: DocumentChanges): void;
  /** All changes as one. */
  changes(): DocumentChanges;
};

/** A chain that begins with the unchanged documents. */
export function beginChain(documents: readonly ManifestDocument[]): TransformChain {
  const firstAdded = Math.max(-1, ...documents.map(({ index }) => index)) + 1;
  const objects = new Map<number, JsonObject | null>();
  const warnings: Warning[] = [];
  let current = [...documents];
  let nextIndex = firstAdded;
  let releaseConfig: JsonObject | undefined;
  return {
    documents: () => current,
    add(changes) {
      const changed = new Map(changes.changed.map(({ index, object }) => [index, object]));
      changed.forEach((object, index) => objects.set(index, object));
      const added = changes.added.map((object) => addedDocument(nextIndex++, object));
      added.forEach(({ index, object }) => objects.set(index, object));
      warnings.push(...changes.warnings);
      releaseConfig = changes.releaseConfig ?? releaseConfig;
      current = [...current.flatMap((document) => withChange(document, changed)), ...added];
    },
    changes() {
      const entries = [...objects].map(([index, object]) => ({ index, object }));
      return {
        changed: entries.filter(({ index }) => index < firstAdded),
        added: entries.flatMap(({ index, object }) => (index >= firstAdded && object !== null ? [object] : [])),
        warnings,
        ...(releaseConfig && { releaseConfig }),
      };
    },
  };
}

/** One transform out of several. */
export function chainTransforms(...steps: readonly TransformDocuments[]): TransformDocuments {
  return (documents, origin) => {
    const chain = beginChain(documents);
    steps.forEach((step) => chain.add(step(chain.documents(), origin)));
    return chain.changes();
  };
}

function withChange(document: ManifestDocument, changed: ReadonlyMap<number, JsonObject | null>): ManifestDocument[] {
  const object = changed.get(document.index);
  if (object === undefined) {
    return [document];
  }
  return object === null ? [] : [{ ...document, ...headOf(object), object }];
}

function addedDocument(index: number, object: JsonObject): ManifestDocument {
  const namespace = asString(valueAt(object, 'metadata', 'namespace'));
  return { index, source: '', namespace, ...headOf(object), object };
}

function headOf(object: JsonObject): Pick<ManifestDocument, 'apiVersion' | 'kind' | 'name'> {
  return {
    apiVersion: asString(object['apiVersion']),
    kind: asString(object['kind']),
    name: asString(valueAt(object, 'metadata', 'name')),
  };
}
