import { gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { UsageError } from '../errors/failures.ts';
import { tarOf, type TarEntry } from './tar.ts';
import { untarChart } from './untar.ts';

const file = (path: string, text = 'x', executable = false): TarEntry => ({
  path,
  content: Buffer.from(text),
  executable,
});
const packed = (...entries: TarEntry[]): Buffer => gzipSync(tarOf(entries));

test('files come back as they were packed, long and unusual names, too', () => {
  const entries = [
    file('web/Chart.yaml', 'name: web\n'),
    file(`web/${'long/'.repeat(40)}name.yaml`, ''),
    file('web/ünüsual.sh', 'a'.repeat(1500), true),
  ];
  const found = untarChart(packed(...entries)).map((entry) => ({ ...entry, content: Buffer.from(entry.content) }));
  expect(found).toEqual(entries);
});

test.each(['/etc/passwd', '../web/a', 'web/../../a', 'web/./a', 'web//a', 'web\\a/b', 'c:/a', 'alone'])(
  '%s is not written',
  (path) => {
    expect(() => untarChart(packed(file(path)))).toThrow(/lies outside of its folder/);
  },
);

test('links, files that come twice and what is cut off are refused', () => {
  const tar = tarOf([file('web/a')]);
  const linked = Buffer.from(tar);
  linked.write('2', 156);
  expect(() => untarChart(gzipSync(linked))).toThrow(/is a link/);
  expect(() => untarChart(packed(file('web/a'), file('web/a')))).toThrow(/twice/);
  expect(() => untarChart(gzipSync(tar.subarray(0, 512)))).toThrow(/cut off/);
  expect(() => untarChart(Buffer.from('no'))).toThrow(UsageError);
  expect(() => untarChart(gzipSync(Buffer.alloc(1024)))).toThrow(/empty/);
});

test('whatever it holds, it is unpacked or refused', () => {
  const refusalOf = (bytes: Uint8Array): unknown => {
    try {
      return void untarChart(gzipSync(bytes));
    } catch (error) {
      return error;
    }
  };
  const random = fc.property(fc.uint8Array({ maxLength: 2048 }), (bytes) => {
    const refusal = refusalOf(bytes);
    return refusal === undefined || refusal instanceof UsageError;
  });
  expect(fc.check(random)).toMatchObject({ failed: false });
});
