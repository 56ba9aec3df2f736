import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib';

/** The encodings of answers, the cheapest for its result first. */
const ENCODINGS = ['zstd', 'br', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Smaller answers fit into few packets anyway. */
const MIN_BYTES = 4_096;
/** More entries than any client sends. */
const MAX_ENTRIES = 32;

const compressors: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  // Levels at which 5 MB of JSON take about 20 ms and become 2 to 4 percent of it; higher ones take several times as long.
  zstd: (bytes) => promisify(zstdCompress)(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 3 }),
};

/** Whether an answer of this length is compressed for clients that accept it. */
export function isWorthCompressing(bytes: number): boolean {
  return bytes > MIN_BYTES;
}

/** Compresses an answer in a thread of Node's own: the event loop does not wait for it. */
export function compress(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  return compressors[encoding](bytes);
}

/** The encoding that the header Accept-Encoding prefers, or the cheapest of equals; null without one that Walm knows. */
export function preferredEncoding(header: string | undefined): Encoding | null {
  const weights = new Map<string, number>();
  for (const entry of (header ?? '').split(',', MAX_ENTRIES)) {
    const [name = '', ...parameters] = entry.toLowerCase().split(';', 3);
    weights.set(name.trim(), weightOf(parameters));
  }
  const weigh = (encoding: Encoding) => weights.get(encoding) ?? weights.get('*') ?? 0;
  const best = Math.max(...ENCODINGS.map(weigh));
  return best > 0 ? (ENCODINGS.find((encoding) => weigh(encoding) === best) ?? null) : null;
}

/** RFC 9110: between 0 and 1, and 1 by default; what is none counts as 0. */
function weightOf(parameters: readonly string[]): number {
  const text = parameters.find((parameter) => parameter.trim().startsWith('q='))?.trim();
  if (text === undefined) {
    return 1;
  }
  return /^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text.slice(2)) : 0;
}
