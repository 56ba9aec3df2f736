import { promisify } from 'node:util';
import { brotliDecompress, gunzip, zstdDecompress } from 'node:zlib';
import { expect, it } from 'vitest';
import { compress, type Encoding, isWorthCompressing, preferredEncoding } from './compressed-answer.ts';

it.each<[string | undefined, Encoding | null]>([
  [undefined, null],
  ['', null],
  ['identity', null],
  ['deflate', null],
  ['gzip', 'gzip'],
  ['GZIP;q=0.5', 'gzip'],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['gzip;q=1.0, br;q=0.8', 'gzip'],
  ['br;q=0, gzip;q=0.1', 'gzip'],
  ['*', 'zstd'],
  ['*;q=0.1, zstd;q=0', 'br'],
  ['gzip;q=0', null],
  ['gzip;q=nonsense', null],
  ['gzip;q=7', null],
  [`${'x,'.repeat(10_000)}gzip`, null],
])('%j prefers %s', (header, encoding) => {
  expect(preferredEncoding(header)).toBe(encoding);
});

const restore: Record<Encoding, (bytes: Buffer) => Promise<Buffer>> = {
  zstd: promisify(zstdDecompress),
  br: promisify(brotliDecompress),
  gzip: promisify(gunzip),
};

it.each<Encoding>(['zstd', 'br', 'gzip'])('%s gives the same bytes again', async (encoding) => {
  const bytes = Buffer.from(JSON.stringify(Array.from({ length: 1_000 }, (_, at) => ({ name: `release-${at}` }))));
  const small = await compress(bytes, encoding);
  expect(small.length).toBeLessThan(bytes.length / 5);
  expect(await restore[encoding](small)).toEqual(bytes);
});

it('leaves what is small as it is', () => {
  expect([isWorthCompressing(4_096), isWorthCompressing(4_097)]).toEqual([false, true]);
});

it('others go on while a large answer is compressed', async () => {
  const bytes = Buffer.from('{"name":"release","labels":{"team":"a"}}\n'.repeat(200_000));
  let [turns, isOver] = [0, false];
  const others = (): void => {
    turns += 1;
    if (!isOver) setImmediate(others);
  };
  others();
  await compress(bytes, 'br');
  isOver = true;
  expect(turns).toBeGreaterThan(10);
});
