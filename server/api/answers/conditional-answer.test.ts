import { expect, test } from 'vitest';
import { hasTag, prefersToJson } from './conditional-answer.ts';

test.each([
  [undefined, false],
  ['', false],
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['*', true],
  ['"b"', false],
  ['a', false],
])('If-None-Match %j', (header, expected) => {
  expect(hasTag(header, '"a"')).toBe(expected);
});

test.each([
  ['', false],
  ['*/*', false],
  ['application/json', false],
  ['image/svg+xml', true],
  ['image/*', true],
  ['IMAGE/SVG+XML', true],
  ['image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8', true],
  ['application/json, image/svg+xml;q=0.9', false],
  ['image/svg+xml;q=0', false],
  ['image/svg+xml;q=x', false],
  ['text/html', false],
])('Accept %j', (accept, expected) => {
  expect(prefersToJson(accept, 'image/svg+xml')).toBe(expected);
});
