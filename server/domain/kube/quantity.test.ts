import { describe, expect, it } from 'vitest';
import { coresOf, gibibytesOf, parseQuantity, type Quantity } from './quantity.ts';

function read(text: string | number): Quantity {
  const quantity = parseQuantity(text);
  if (quantity === undefined) throw new Error(`${text} is not a quantity`);
  return quantity;
}

describe('a quantity', () => {
  it.each([
    ['4Gi', 4],
    ['300Mi', 300 / 1024],
    ['1Ti', 1024],
    [1073741824, 1],
    ['0.5Gi', 0.5],
    ['1e9', 1e9 / 2 ** 30],
    ['1G', 1e9 / 2 ** 30],
    ['128974848', 128974848 / 2 ** 30],
    ['128974848000m', 128974848 / 2 ** 30],
    ['-1Gi', -1],
  ])('of memory %s is %d Gi', (text, gibibytes) => {
    expect(gibibytesOf(read(text))).toBeCloseTo(gibibytes, 12);
  });

  it.each([
    ['500m', 0.5],
    ['2', 2],
    [0.2, 0.2],
    ['0.28', 0.28],
    ['0.10000000000000001', 0.101],
    ['1n', 0.001],
    ['100u', 0.001],
    ['1k', 1000],
    ['1E', 1e18],
    ['.5', 0.5],
    ['5.', 5],
  ])('of cpu %s is %d cores, thousandths rounded up', (text, cores) => {
    expect(coresOf(read(text))).toBe(cores);
  });

  it.each([['', 'abc', '4 Gi', '4gi', '1e', '--1', '1.2.3', '1e999', '9'.repeat(65)]].flat())('%s is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });
});
