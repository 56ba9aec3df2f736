import { expect, test } from 'vitest';
import { plainOutputs } from './plain-outputs.ts';

test.each([
  'db-0.db.shop.svc:5432,db-1.db.shop.svc:5432',
  '0.0.0.0/0',
  'user@example.com',
  'c2VjcmV0+/==',
  'a_b~1%20',
  '',
])('%j means nothing in YAML, and stays as it is', (text) => {
  expect(plainOutputs({ a: { b: [text, 1, true, null] } }, 'x')).toEqual({ a: { b: [text, 1, true, null] } });
});

test.each([
  'a\nb',
  'a\u2028b',
  'a\u0085b',
  'a: b',
  'a #b',
  '{a}',
  '[a]',
  '"a',
  "'a",
  'a\\',
  '*a',
  '&a',
  '!a',
  '|',
  '>',
  '`a',
  'ä',
])('%j may mean something in YAML, and is another text with each letter', (text) => {
  const [first, second] = [plainOutputs({ text }, 'x'), plainOutputs({ text }, 'y')];
  expect(first['text']).toMatch(/^[\w./@,=+~%:-]+$/);
  expect(first['text']).not.toBe(text);
  expect(first).not.toEqual(second);
});

test('keys are texts, too', () => {
  expect(plainOutputs({ 'a: b': 1 }, 'x')).toEqual({ 'xa:xb': 1 });
});
