import { UsageError } from '../errors/failures.ts';
import { nodeZlib } from '../system/node-modules.ts';
import type { TarEntry } from './tar.ts';

const BLOCK = 512;
const MAX_FILES = 20_000;
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * The files of a packed chart, by paths below the folder that it is unpacked into. Folders are not listed.
 * @throws UsageError for what is no such archive, is too large, or would write outside of that folder
 */
export function untarChart(archive: Uint8Array): TarEntry[] {
  const tar = unzipped(archive);
  const entries: TarEntry[] = [];
  const seen = new Set<string>();
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = numberOf(header, 124, 12);
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length !== size) throw invalid('it is cut off');
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    // Headers of other headers: a long name stands in front of the file that has it.
    if (type === 'x' || type === 'L') {
      longName = (type === 'x' ? paxPath(content) : textOf(content, 0, size)) ?? longName;
      continue;
    }
    const path = longName ?? nameOf(header);
    longName = undefined;
    if (type === 'g' || type === '5') continue;
    if (type !== '0' && type !== '\0' && type !== '7') throw invalid(`${path} is a link or a device`);
    if (!isInside(path)) throw invalid(`${path} lies outside of its folder`);
    if (seen.has(path)) throw invalid(`${path} is in it twice`);
    if (entries.length >= MAX_FILES) throw invalid(`it has more than ${MAX_FILES} files`);
    seen.add(path);
    entries.push({ path, content, executable: (numberOf(header, 100, 8) & 0o111) !== 0 });
  }
  if (entries.length === 0) throw invalid('it is empty');
  return entries;
}

function invalid(why: string): UsageError {
  return new UsageError(`the archive cannot be unpacked: ${why}`);
}

function unzipped(archive: Uint8Array): Buffer {
  try {
    return nodeZlib().gunzipSync(archive, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

function textOf(block: Buffer, from: number, length: number): string {
  const field = block.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString('utf8');
}

function numberOf(header: Buffer, from: number, length: number): number {
  const text = textOf(header, from, length).trim();
  if (!/^[0-7]*$/.test(text)) throw invalid('it is not a tar');
  return text === '' ? 0 : Number.parseInt(text, 8);
}

function nameOf(header: Buffer): string {
  const prefix = textOf(header, 257, 5) === 'ustar' ? textOf(header, 345, 155) : '';
  const name = textOf(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The path in the records of a pax header: `LENGTH path=VALUE`. */
function paxPath(content: Buffer): string | undefined {
  for (let at = 0; at < content.length;) {
    const length = Number.parseInt(content.subarray(at, at + 20).toString('latin1'), 10);
    if (!(length > 0)) throw invalid('it is not a tar');
    const record = content.subarray(at, at + length).toString('utf8');
    const [, value] = /^\d+ path=([^]*)\n$/.exec(record) ?? [];
    if (value !== undefined) return value;
    at += length;
  }
  return undefined;
}

/** Whether a path stays below the folder that it is written into, on every system. */
function isInside(path: string): boolean {
  const parts = path.split('/');
  return (
    parts.length > 1 && !/[\\\0:]/.test(path) && parts.every((part) => part !== '' && part !== '.' && part !== '..')
  );
}
