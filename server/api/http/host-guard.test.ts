import { expect, test } from 'vitest';
import { guardSite } from './host-guard.ts';

const host = 'walm.example.com:9999';
const ask = (headers: Record<string, string>, method = 'DELETE') =>
  guardSite({ headers: { host, ...headers }, method });

test.each([
  [{ origin: 'http://evil.example' }],
  [{ origin: 'null' }],
  [{ origin: 'http://walm.example.com' }],
  [{ 'sec-fetch-site': 'cross-site' }],
  [{ 'sec-fetch-site': 'same-site', origin: 'http://walm.example.com:9999' }],
])('what is sent for the page of another site is refused: %j', (headers: Record<string, string>) => {
  for (const method of ['DELETE', 'POST', 'GET', 'HEAD', 'OPTIONS']) {
    expect(() => ask(headers, method)).toThrow(`may not send ${method} requests`);
  }
});

test.each([
  [{}],
  [{ origin: 'http://walm.example.com:9999' }],
  [{ origin: 'https://WALM.example.com:9999' }],
  // Behind a TLS proxy that sends another Host, the browser marks the request as same-origin.
  [{ 'sec-fetch-site': 'same-origin', origin: 'https://walm.example.org' }],
  [{ 'sec-fetch-site': 'none' }],
])('what the own page or no browser sends is answered: %j', (headers: Record<string, string>) => {
  for (const method of ['DELETE', 'GET']) expect(() => ask(headers, method)).not.toThrow();
});

test('a link to a page may be followed, an image not', () => {
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  expect(() => ask(link, 'GET')).not.toThrow();
  expect(() => ask({ ...link, 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' }, 'GET')).toThrow('may not send');
  expect(() => ask(link, 'POST')).toThrow('may not send');
});
