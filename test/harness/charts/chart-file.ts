import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const BLOCK = 512;

function textAt(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString();
}

/** One file of a packed chart (`transwarp-meta/metainfo.yaml`), by its path below the chart's folder. */
export function readChartFile(archive: string, path: string): Buffer {
  const tar = gunzipSync(readFileSync(archive));
  for (let at = 0; at + BLOCK <= tar.length;) {
    const name = textAt(tar, at, 100);
    const size = Number.parseInt(textAt(tar, at + 124, 12), 8) || 0;
    if (name.slice(name.indexOf('/') + 1) === path) {
      return tar.subarray(at + BLOCK, at + BLOCK + size);
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error(`${archive} has no ${path}`);
}
