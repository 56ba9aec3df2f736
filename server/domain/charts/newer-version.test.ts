import { expect, test } from 'vitest';
import { isNewerVersion } from './newer-version.ts';

/** In the order of https://semver.org. */
const ORDER = [
  '0.9.9',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.2.0',
  '1.10.0',
  'v2',
];

test('versions have the precedence of semantic versions', () => {
  for (const [at, version] of ORDER.entries()) {
    for (const [behind, other] of ORDER.entries()) {
      expect(isNewerVersion(version, other), `${version} > ${other}`).toBe(at > behind);
    }
  }
});

test('metadata does not count, and a text that cannot be read as a version is never newer', () => {
  expect(isNewerVersion('1.0.0+b', '1.0.0+a')).toBe(false);
  expect(isNewerVersion('latest', '1.0.0')).toBe(false);
  expect(isNewerVersion('1.0.0', '')).toBe(false);
  expect(isNewerVersion('1.0.0', `${'9'.repeat(400)}.0.0`)).toBe(false);
});
