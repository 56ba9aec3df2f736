import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseExact, stringifyExact } from './exact-json.ts';

it('keeps whole numbers that a double cannot hold', () => {
  expect(parseExact('{"a":9007199254740993,"b":[-123456789012345678901,1],"c":9007199254740991}')).toEqual({
    a: 9007199254740993n,
    b: [-123456789012345678901n, 1],
    c: 9007199254740991,
  });
  expect(parseExact('12345678901234567890')).toBe(12345678901234567890n);
});

it('leaves texts, fractions and exponents as they are', () => {
  const text = String.raw`{"12345678901234567890":"a \"12345678901234567890, \\","f":0.12345678901234567,"e":1e20,"x":1.5}`;
  expect(parseExact(text)).toEqual(JSON.parse(text));
});

it('takes no text of the answer for one of its own marks', () => {
  for (const own of ['\ue00012345678901234567890', '\ue000\ue0001', String.raw`\ue000\uE0001`]) {
    const text = `{"own":"${own}","n":12345678901234567890}`;
    expect(parseExact(text)).toEqual({
      own: (JSON.parse(text) as { own: string }).own,
      n: 12345678901234567890n,
    });
  }
});

it('treats __proto__ as an ordinary key', () => {
  const parsed = parseExact('{"__proto__":12345678901234567890}') as object;
  expect(Object.entries(parsed)).toEqual([['__proto__', 12345678901234567890n]]);
});

it('parses what nests deeply', () => {
  const deep = `${'['.repeat(50_000)}12345678901234567890${']'.repeat(50_000)}`;
  expect(() => parseExact(deep)).not.toThrow();
});

it('refuses what is not JSON', () => {
  for (const text of ['', '{', '12345678901234567890"', '[1234567890123456789 0]', '01234567890123456789']) {
    expect(() => parseExact(text), text).toThrow(SyntaxError);
  }
});

it('reads everything that it writes', () => {
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string({ unit: 'binary' })),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 200n }),
      fc.constantFrom('\ue000', '"', '\\', '12345678901234567890', '\ue00012345678901234567890'),
      fc.array(tie('value')),
      fc.dictionary(fc.string(), tie('value')),
    ),
  })).value;
  fc.assert(
    fc.property(values, (value) => {
      expect(parseExact(stringifyExact(value) ?? '')).toEqual(value);
    }),
    { numRuns: 50 },
  );
});
