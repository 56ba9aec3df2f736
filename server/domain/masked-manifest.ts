import { parse, stringify } from 'yaml';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { maskSecretObject } from './mask-secret-object.ts';

/** How secret values are found and taken out of anything but Secrets. */
export type Redaction = { text: (text: string) => string; json: (value: JsonValue) => JsonValue };

/**
 * A manifest that may be shown: the documents that hold a secret are written anew with `***` in its place, all others
 * stay byte for byte.
 */
export function maskManifest(manifest: string, redaction: Redaction): string {
  return manifest
    .split(/^(?=---(?:\s|$))/m)
    .map((document) => maskDocument(document, redaction))
    .join('');
}

function maskDocument(document: string, redaction: Redaction): string {
  if (!document.includes('Secret') && redaction.text(document) === document) {
    return document;
  }
  const object = readDocument(document);
  if (object === undefined) {
    return `${headOf(document)}# not shown: it may hold a secret and cannot be read\n`;
  }
  const masked = redaction.json(maskObject(object));
  return JSON.stringify(masked) === JSON.stringify(object) ? document : `${headOf(document)}${stringify(masked)}`;
}

/** Lists hold objects of their own. */
function maskObject(object: JsonObject): JsonObject {
  const { items } = object;
  return Array.isArray(items)
    ? { ...object, items: items.map((item) => (isJsonObject(item) ? maskObject(item) : item)) }
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
function headOf(document: string): string {
  return /^(?:---[^\n]*\n|#[^\n]*\n)*/.exec(document)?.[0] ?? '';
}
