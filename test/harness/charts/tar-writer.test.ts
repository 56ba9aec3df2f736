import { gunzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { fixtureChart } from './chart-builder.ts';
import { writeTar, writeTarGz } from './tar-writer.ts';

test('headers hold name, size, type and a checksum that adds up', () => {
  const tar = writeTar([{ name: 'a/b.txt', content: 'hello' }]);
  expect(tar.length % 512).toBe(0);
  expect(tar.subarray(0, 7).toString()).toBe('a/b.txt');
  expect(tar.subarray(124, 135).toString()).toBe('00000000005');
  expect(tar.subarray(257, 262).toString()).toBe('ustar');
  expect(tar.subarray(512, 517).toString()).toBe('hello');
  const stated = Number.parseInt(tar.subarray(148, 154).toString(), 8);
  const blank = Buffer.from(tar.subarray(0, 512)).fill(' ', 148, 156);
  expect(blank.reduce((sum, byte) => sum + byte, 0)).toBe(stated);
});

test('long names are split, longer ones refused', () => {
  const folder = 'f'.repeat(90);
  const tar = writeTar([{ name: `${folder}/${'n'.repeat(90)}` }]);
  expect(tar.subarray(345, 435).toString()).toBe(folder);
  expect(() => writeTar([{ name: 'n'.repeat(200) }])).toThrow(RangeError);
});

test('a chart packs to the same bytes every time', () => {
  expect(fixtureChart('umbrella').digest).toBe(fixtureChart('umbrella').digest);
  expect(fixtureChart('umbrella', '2.0.1').version).toBe('2.0.1');
  const tar = gunzipSync(writeTarGz([{ name: 'x', content: 'y' }]));
  expect(tar).toEqual(writeTar([{ name: 'x', content: 'y' }]));
});
