import { gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createCanarySearch, openText } from './canaries.ts';

const canary = 'canary-of-somebody-4711';
const search = createCanarySearch(new Map([['theirs', canary]]));

test('a canary is found in whatever it is wrapped, wherever it stands', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const text = `${before}${canary}${after}`;
      expect(search(text)).toBe('theirs');
      expect(search(Buffer.from(text).toString('base64'))).toBe('theirs');
    }),
  );
  expect(search('nothing')).toBeNull();
});

test('a Secret is laid open, and so is a record of Helm', () => {
  const metadata = { name: 'x' };
  const base = { apiVersion: 'v1', kind: 'Secret', metadata };
  const text = `{"manifest": "a: ${canary}"}`;
  const release = Buffer.from(gzipSync(text).toString('base64')).toString('base64');
  expect(search(openText({ ...base, data: { release } }))).toBe('theirs');
  expect(search(openText({ ...base, data: { task: gzipSync(text).toString('base64') } }))).toBe('theirs');
  expect(search(openText({ ...base, data: { other: 'AAAA' } }))).toBeNull();
});
