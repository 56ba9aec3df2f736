import { gunzipSync } from 'node:zlib';

import type { ClusterObject } from '../harness/clients/kube-client.ts';

/** Secrets that only their owners may see: name → value. Values are long, and occur nowhere by chance. */
export type Canaries = ReadonlyMap<string, string>;

/** The canary that occurs in a text: as it is, in base64 at any of its three alignments, or escaped for a URL. */
export function createCanarySearch(canaries: Canaries): (text: string) => string | null {
  const forms = [...canaries].flatMap(([name, value]) => formsOf(value).map((form) => ({ name, form })));
  return (text) => forms.find(({ form }) => text.includes(form))?.name ?? null;
}

function formsOf(value: string): string[] {
  const aligned = [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(`${'-'.repeat(shift)}${value}`)
      .toString('base64')
      .replaceAll('=', '');
    // The first and the last character may contain bits of their neighbours.
    return encoded.slice(shift === 0 ? 0 : shift + 1, -1);
  });
  return [value, encodeURIComponent(value), ...aligned];
}

/**
 * An object as text, with the content of Secrets decoded: base64, and Helm's records unpacked. Limited to 64 Mi each.
 */
export function openText(object: ClusterObject): string {
  const data = (object['data'] ?? {}) as Record<string, unknown>;
  const opened = Object.values(data)
    .filter((value) => typeof value === 'string')
    .map((value) => Buffer.from(value, 'base64'))
    .flatMap((bytes) => [bytes.toString(), unpacked(Buffer.from(bytes.toString(), 'base64')), unpacked(bytes)]);
  return [JSON.stringify(object), ...opened].join('\n');
}

function unpacked(bytes: Buffer): string {
  try {
    return gunzipSync(bytes, { maxOutputLength: 64 * 1024 * 1024 }).toString();
  } catch {
    return '';
  }
}
