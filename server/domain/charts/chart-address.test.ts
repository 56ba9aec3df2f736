import { describe, expect, test } from 'vitest';
import { addressOfImage, liesBelow, parseChartAddress, type ChartAddress } from './chart-address.ts';

const prefixOf = (text: string) => parseChartAddress(text)?.prefix;

function known(text: string): ChartAddress {
  const address = parseChartAddress(text);
  if (address === null) {
    throw new Error(`not an address: ${text}`);
  }
  return address;
}

describe('chart address', () => {
  test('has one spelling', () => {
    expect(prefixOf('https://Charts.Example.com:443/stable/')).toBe('https://charts.example.com/stable');
    expect(prefixOf('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080');
    expect(prefixOf('https://host/a/../b?token=x#y')).toBe('https://host/b');
    expect(prefixOf('oci://Registry.Example.com/Charts/')).toBe('oci://registry.example.com/Charts');
    expect(parseChartAddress('oci+http://127.0.0.1:5000/charts')).toMatchObject({
      prefix: 'oci://127.0.0.1:5000/charts',
      plainHttp: true,
    });
  });

  test('gives user and password apart', () => {
    const address = known('https://me:p%40ss@host/x');
    expect(address).toMatchObject({ prefix: 'https://host/x', username: 'me', password: 'p@ss' });
    expect(known('https://me:100%@host/x').password).toBe('100%');
  });

  test.each([
    '',
    'host/path',
    'ftp://host',
    'file:///etc',
    'https://',
    'oci://',
    'https://[::1',
    'javascript:alert(1)',
  ])('is not %s', (text) => expect(parseChartAddress(text)).toBeNull());

  test('of an image is without tag and digest', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    for (const image of ['host:5000/a/web', 'host:5000/a/web:1.0.0', `host:5000/a/web@${digest}`]) {
      expect(addressOfImage(image)?.prefix).toBe('oci://host:5000/a/web');
    }
    expect(addressOfImage(`oci://host/a/web:1.0.0_build@${digest}`)?.prefix).toBe('oci://host/a/web');
    expect(addressOfImage('oci+http://host/web:1')?.plainHttp).toBe(true);
    expect(addressOfImage('https://host/web:1')?.prefix).not.toMatch(/^oci/);
  });

  test('lies below its host and folders, by whole segments', () => {
    const image = known('oci://host/team/web');
    expect(liesBelow(known('oci://host'), image)).toBe(true);
    expect(liesBelow(known('oci://host/team'), image)).toBe(true);
    expect(liesBelow(known('oci://host/te'), image)).toBe(false);
    expect(liesBelow(known('oci://host.evil.com'), image)).toBe(false);
    expect(liesBelow(known('https://host/team'), image)).toBe(false);
    expect(liesBelow(known('http://host:8080'), known('http://host/x'))).toBe(false);
  });
});
