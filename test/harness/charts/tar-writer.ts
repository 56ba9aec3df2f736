import { gzipSync } from 'node:zlib';

/** One entry of a tar archive; `link` makes it a symbolic (`2`) or hard (`1`) link, whose content is ignored. */
export interface TarEntry {
  name: string;
  content?: string | Buffer;
  link?: { type: '1' | '2'; target: string };
  folder?: boolean;
  /** Size in bytes that the header claims; the content's own by default. */
  claimedSize?: number;
}

const BLOCK = 512;

/**
 * Writes a ustar archive exactly as given: names are not cleaned, links are not followed, sizes may be false. Chart
 * fixtures are packed with it, and so are invalid archives. Names above 100 bytes are split as ustar does; a name that
 * cannot be split is a RangeError.
 */
export function writeTar(entries: TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(entryBlocks), Buffer.alloc(2 * BLOCK)]);
}

/** The same, compressed: the format that `helm package` writes. Equal entries give equal bytes. */
export function writeTarGz(entries: TarEntry[]): Buffer {
  return gzipSync(writeTar(entries));
}

function entryBlocks(entry: TarEntry): Buffer[] {
  const content = entry.link || entry.folder ? Buffer.alloc(0) : Buffer.from(entry.content ?? '');
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return [header(entry, entry.claimedSize ?? content.length), content, padding];
}

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const { prefix, name } = splitName(entry.name);
  block.write(name, 0);
  block.write(entry.folder ? '0000755\0' : '0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write(' '.repeat(8), 148);
  block.write(entry.link?.type ?? (entry.folder ? '5' : '0'), 156);
  block.write(entry.link?.target ?? '', 157);
  block.write('ustar\x0000', 257);
  block.write(prefix, 345);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function splitName(full: string): { prefix: string; name: string } {
  if (Buffer.byteLength(full) <= 100) {
    return { prefix: '', name: full };
  }
  const cut = full.lastIndexOf('/', 155);
  if (cut < 1 || Buffer.byteLength(full) - cut - 1 > 100) {
    throw new RangeError(`the name ${full} does not fit a ustar header`);
  }
  return { prefix: full.slice(0, cut), name: full.slice(cut + 1) };
}
