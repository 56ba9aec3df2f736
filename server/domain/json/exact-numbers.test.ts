import { expect, test } from 'vitest';
import { withExactNumbers } from './exact-numbers.ts';

test('texts that stand for numbers are written with all their digits, and no other text', () => {
  const object = { spec: { big: '12345678901234567890', text: '12345678901234567890', list: ['x', '-1e400'] } };
  const paths = [
    ['spec', 'big'],
    ['spec', 'list', '1'],
  ];
  expect(JSON.stringify(withExactNumbers(object, paths))).toBe(
    '{"spec":{"big":12345678901234567890,"text":"12345678901234567890","list":["x",-1e400]}}',
  );
  expect(object.spec.big).toBe('12345678901234567890');
});

test('what is no such text any more stays as it is', () => {
  const object = { masked: '***', gone: {}, odd: '0x7', there: 7 };
  const paths = [['masked'], ['gone', 'x'], ['odd'], ['there'], ['nothing', 'below']];
  expect(withExactNumbers(object, paths)).toEqual(object);
});
