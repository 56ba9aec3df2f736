import { expect, test } from 'vitest';

import { problemCatalogue } from '../../contract/problems/catalogue.ts';
import { ownRemedies } from './own-remedies.ts';
import { remedyLines } from './remedies.ts';

test('a remedy that speaks of the API is told in the words of the command line', () => {
  const speaksOfApi =
    /=true|=false|\bPUT\b|\bPOST\b|\bGET\b|\/api|…\/|`chart(Image|Name)`|`upsert|TimeoutSec`|`timeoutSec/;
  const missing = Object.entries(problemCatalogue)
    .filter(([code, { remedy }]) => speaksOfApi.test(remedy) && !Object.hasOwn(ownRemedies, code))
    .map(([code]) => code);
  expect(missing).toEqual([]);
});

test('every remedy belongs to a code of the API', () => {
  expect(Object.keys(ownRemedies).filter((code) => !Object.hasOwn(problemCatalogue, code))).toEqual([]);
});

test('a remedy names the release of the line, and other codes have the sentence of the API', () => {
  expect(remedyLines('RELEASE_EXISTS', { command: 'install', name: 'web' })).toEqual([
    'change it:            walmctl upgrade web …',
    'change or install it: walmctl upgrade web … --install',
  ]);
  expect(remedyLines('QUOTA_EXCEEDED', { command: 'install', name: 'web' })).toEqual([
    problemCatalogue.QUOTA_EXCEEDED.remedy,
  ]);
  expect(remedyLines('SOMETHING_NEW', { command: 'install', name: 'web' })).toEqual([]);
});
