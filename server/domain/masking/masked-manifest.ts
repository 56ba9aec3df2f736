import { parse, stringify } from 'yaml';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import type { Masker } from './masker.ts';
import { withKindOf } from '../kube/listed-objects.ts';
import { maskSecretObject } from '../secrets/mask-secret-object.ts';

/**
 * A manifest that may be shown: documents that contain a secret are re-encoded with `***` in its place, without their
 * comments; all others stay byte for byte.
 */
export function maskManifest(manifest: string, masker: Masker): string {
  return manifest
    .split(/^(?=---(?:\s|$))/m)
    .map((document) => maskDocument(document, masker))
    .join('');
}

function maskDocument(document: string, masker: Masker): string {
  const isFound = masker.text(document) !== document;
  if (!isFound && !document.includes('Secret') && !mayHide(document, masker)) {
    return document;
  }
  const object = readDocument(document);
  if (object === undefined) {
    return `${headOf(document, masker)}# not shown: it may hold a secret and cannot be read\n`;
  }
  const masked = masker.json(maskObject(object));
  return !isFound && JSON.stringify(masked) === JSON.stringify(object)
    ? document
    : `${headOf(document, masker)}${stringify(masked, { lineWidth: 0 })}`;
}

/** Whether YAML may have split a secret: with its escapes, or by folding at blanks. */
function mayHide(document: string, { isEmpty, mayFold }: Masker): boolean {
  return !isEmpty && (mayFold || document.includes('\\'));
}

/** Lists contain objects. */
function maskObject(object: JsonObject): JsonObject {
  const { items } = object;
  return Array.isArray(items)
    ? { ...object, items: items.map((item) => (isJsonObject(item) ? maskObject(withKindOf(object, item)) : item)) }
    : maskSecretObject(object);
}

function readDocument(document: string): JsonObject | undefined {
  try {
    const value = parse(document.replace(/^---/, ''), { logLevel: 'error' }) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The separator and Helm's comment that names the template. */
function headOf(document: string, masker: Masker): string {
  return masker.text(/^(?:---[^\n]*\n|#[^\n]*\n)*/.exec(document)?.[0] ?? '');
}
