import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { readTlsFiles, type TlsOptions } from './tls-files.ts';

const none: TlsOptions = { tls: false, caFile: '', certFile: '', keyFile: '', verifySsl: true };
let folder: string;
let nonsense: string;
let key: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'walm-tls-'));
  nonsense = join(folder, 'nonsense.pem');
  writeFileSync(nonsense, 'canary-nonsense');
  key = join(folder, 'key.pem');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (options: Partial<TlsOptions>) => readTlsFiles({ ...none, ...options }, 'redisConfig');

test('without any option there is no TLS, and tls alone trusts whom the system trusts', () => {
  expect(read({})).toBeNull();
  expect(read({ tls: true })).toEqual({ verify: true });
  expect(read({ tls: true, verifySsl: false })).toEqual({ verify: false });
});

test('files that cannot be used are refused at the start, by option and name and not by what is in them', () => {
  expect(() => read({ caFile: join(folder, 'none') })).toThrow(
    /^redisConfig\.caFile: .*none cannot be read \(ENOENT\)$/,
  );
  expect(() => read({ caFile: nonsense })).toThrow(/^redisConfig\.caFile: .*nonsense\.pem is not a certificate in PEM/);
  expect(() => read({ caFile: nonsense })).not.toThrow(/canary/);
  expect(() => read({ certFile: nonsense, keyFile: key })).toThrow(/^redisConfig\.certFile: .* is not a certificate/);
  expect(() => read({ caFile: key })).toThrow(/is not a certificate/);
});

test('a certificate without its key is refused, and a key without its certificate', () => {
  expect(() => read({ certFile: nonsense })).toThrow('redisConfig: give certFile and keyFile, or neither');
  expect(() => read({ keyFile: key })).toThrow('redisConfig: give certFile and keyFile, or neither');
});
