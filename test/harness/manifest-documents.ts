import { parseAllDocuments } from 'yaml';
import type { JsonObject } from '../../server/domain/json.ts';
import { asObject, asString } from '../../server/domain/json-reading.ts';
import type { HookFacts, ManifestDocument } from '../../server/domain/manifest-document.ts';

const NAMESPACE = 'shop';

/** The document of an object, as the engine shows it. */
export function manifestDocument(object: JsonObject, index = 0, hook?: HookFacts): ManifestDocument {
  const metadata = asObject(object['metadata']);
  return {
    index,
    source: 'web/templates/all.yaml',
    apiVersion: asString(object['apiVersion']),
    kind: asString(object['kind']),
    namespace: asString(metadata['namespace']) || NAMESPACE,
    name: asString(metadata['name']),
    ...(hook !== undefined && { hook }),
    object,
  };
}

/** The documents of a YAML stream, in its order; everything in namespace `shop`. */
export function manifestDocuments(yaml: string): ManifestDocument[] {
  return parseAllDocuments(yaml).map((document, index) => manifestDocument(document.toJS() as JsonObject, index));
}
