import { expect, test } from 'vitest';
import { positionOf, tokenOf } from './index-token.ts';

test('a token leads back to its position, with the same filter only', () => {
  const token = tokenOf({ chart: 'web', versions: 3 }, { q: 'a' });
  expect(positionOf(token, { q: 'a' })).toEqual({ chart: 'web', versions: 3 });
  expect(() => positionOf(token, { q: 'b' })).toThrow(/same filters/);
});

test.each([
  '',
  'x',
  Buffer.from('[]').toString('base64url'),
  Buffer.from('{"a":1}').toString('base64url'),
  'A'.repeat(9_000),
])('what is not a token is refused: %s', (token) => expect(() => positionOf(token, {})).toThrow(/not a value/));
