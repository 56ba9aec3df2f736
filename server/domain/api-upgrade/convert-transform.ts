import { chainTransforms } from '../kube/chain-transforms.ts';
import type { DocumentChanges, ManifestDocument, TransformDocuments } from '../kube/manifest-document.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { convertDocuments, type Served, servedVersion } from './convert-documents.ts';

/**
 * Converts documents into API versions that the cluster serves (decision 38: withdrawn API versions). Documents to be
 * applied have to be convertible; those that Helm only compares with, or deletes, may stay unconverted, so that they do
 * not block an upgrade or deletion.
 * @throws ProblemError API_NOT_CONVERTIBLE for a document that will be applied
 */
export const convertTransform: TransformDocuments = (documents, { served, compared }) =>
  compared ? allOf(documents.map((document) => convertName(document, served))) : convertDocuments(documents, served);

/** Converts first and then transforms; documents that are only compared with are just converted. */
export function convertedThen(transform: TransformDocuments | null): TransformDocuments {
  const whole = transform === null ? convertTransform : chainTransforms(convertTransform, transform);
  return (documents, origin) => (origin.compared ? convertTransform : whole)(documents, origin);
}

function convertName(document: ManifestDocument, served: Served): DocumentChanges {
  try {
    return convertDocuments([document], served);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'API_NOT_CONVERTIBLE') {
      throw error;
    }
    const apiVersion = servedVersion(document, served);
    const { index, object } = document;
    const changed = apiVersion === undefined ? [] : [{ index, object: { ...object, apiVersion } }];
    return { changed, added: [], warnings: [] };
  }
}

function allOf(changes: readonly DocumentChanges[]): DocumentChanges {
  return {
    changed: changes.flatMap(({ changed }) => changed),
    added: changes.flatMap(({ added }) => added),
    warnings: changes.flatMap(({ warnings }) => warnings),
  };
}
