import { expect, test } from 'vitest';
import { ConfigError } from './config.ts';
import { jsonnetLibrary } from './jsonnet-library.ts';

test('is absolute, and empty where none is configured', () => {
  expect(jsonnetLibrary('')).toBe('');
  expect(jsonnetLibrary('.')).toBe(process.cwd());
});

test('a library that is not a folder is an error of the configuration', () => {
  expect(() => jsonnetLibrary('/nowhere/at/all')).toThrow(ConfigError);
  expect(() => jsonnetLibrary('package.json')).toThrow(/is not a folder/);
});
