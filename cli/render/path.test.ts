import { expect, test } from 'vitest';
import { createPaint } from './colour.ts';
import { pathLines } from './difference.ts';
import { pathOf } from './path.ts';

test('a path is what --set of helm takes: indexes in brackets, dots of keys escaped', () => {
  expect(pathOf('/a/b/0')).toBe('a.b[0]');
  expect(pathOf('/labels/a.b~1c')).toBe('labels.a\\.b/c');
  expect(pathOf('/a/~01/~1')).toBe('a.~1./');
  expect(pathOf('')).toBe('');
});

test('differences write their paths like this, too', () => {
  const lines = pathLines({ path: '/spec/ports/0/port', old: 80, new: 81 }, createPaint(false));
  expect(lines).toEqual(['    spec.ports[0].port: 80 → 81']);
});
