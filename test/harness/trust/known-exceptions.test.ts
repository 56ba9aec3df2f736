import { expect, test } from 'vitest';

import { KNOWN_EXCEPTIONS } from './known-exceptions.ts';

const path = '/api/v1/namespaces/shop/secrets';
const labelled = '?labelSelector=walm.io%2Fcredential+in+%28repository%2C+registry%29';

function isKnown(verb: string, uri: string, namespace = 'shop'): boolean {
  const event = { verb, user: 'walm', resource: 'secrets', group: '', subresource: '', namespace, name: '', uri };
  return KNOWN_EXCEPTIONS.some((exception) => exception.is({ ...event, code: 200 }));
}

test('credentials that a namespace labels for Walm may be listed, and nothing else', () => {
  expect(isKnown('list', `${path}${labelled}`)).toBe(true);
  expect(isKnown('list', path)).toBe(false);
  expect(isKnown('list', `${path}?labelSelector=a`)).toBe(false);
  expect(isKnown('list', `/api/v1/secrets${labelled}`, '')).toBe(false);
  expect(isKnown('delete', `${path}${labelled}`)).toBe(false);
});
