/** One file of an archive. */
export interface TarEntry {
  /** With slashes; at most 255 bytes where it can be split at one. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly executable: boolean;
}

const BLOCK = 512;

/**
 * Writes files as a tar (ustar, and pax headers for long or unusual names). Times and owners are zero: the same files are
 * the same bytes.
 */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { path, content, executable } of entries) {
    const name = Buffer.from(path);
    const isPlain = name.length <= 100 && /^[\x20-\x7e]+$/.test(path);
    if (!isPlain) {
      const record = paxRecord('path', path);
      blocks.push(header('pax-header', record.length, 'x', false), padded(record));
    }
    blocks.push(
      header(isPlain ? path : path.replaceAll(/[^\x20-\x7e]/g, '_').slice(0, 100), content.length, '0', executable),
    );
    blocks.push(padded(Buffer.from(content)));
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(blocks);
}

/** A record says its own length, digits included. */
function paxRecord(key: string, value: string): Buffer {
  const body = ` ${key}=${value}\n`;
  const bodyLength = Buffer.byteLength(body);
  let length = bodyLength + 1;
  while (length !== bodyLength + `${length}`.length) length = bodyLength + `${length}`.length;
  return Buffer.from(`${length}${body}`);
}

function header(path: string, size: number, type: '0' | 'x', executable: boolean): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0, 100);
  block.write(executable ? '0000755\0' : '0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\0', 257);
  block.write('00', 263);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padded(content: Buffer): Buffer {
  const rest = content.length % BLOCK;
  return rest === 0 ? content : Buffer.concat([content, Buffer.alloc(BLOCK - rest)]);
}
