import { expect, test } from 'vitest';
import { redactJson, redactText } from './redact-secrets.ts';

const rules = {
  schemas: [{ path: [], schema: { properties: { pw: { writeOnly: true }, port: { writeOnly: true } } } }],
  paths: [],
};
const values = { pw: 'hunter"2', port: 12_345, user: 'ann' };

test('secrets are struck out of a message however it quotes them, and nothing else is', () => {
  expect(redactText(`ann: 'hunter"2' or "hunter\\"2" at port 12345`, values, rules)).toBe(
    `ann: '***' or "***" at port ***`,
  );
});

test('the longer of two secrets goes first, and what is too short stays', () => {
  expect(redactText('secretive secret no', { pw: { a: 'secret', b: 'secretive', c: 'no' } }, rules)).toBe('*** *** no');
});

test('details are struck through at every depth', () => {
  expect(redactJson({ errors: [{ message: 'got hunter"2', line: 3 }] }, values, rules)).toEqual({
    errors: [{ message: 'got ***', line: 3 }],
  });
});
