import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { packChart, readChart } from './chart-archive.ts';
import { readHelmignore } from './helmignore.ts';
import { readObject } from './read-yaml.ts';
import { sniff } from './sniff.ts';

test('a folder is packed as helm packs it: without what .helmignore names, twice the same bytes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'walmctl-chart-'));
  try {
    mkdirSync(join(folder, 'templates'), { recursive: true });
    mkdirSync(join(folder, 'secret'));
    const long = `templates/${'n'.repeat(120)}.yaml`;
    for (const file of [
      'Chart.yaml',
      'values.yaml',
      'templates/a.yaml',
      'templates/.hidden',
      'secret/key',
      'x.bak',
      long,
    ]) {
      writeFileSync(join(folder, file), file === 'Chart.yaml' ? 'name: demo\nversion: 1.0.0\n' : 'a: 1\n');
    }
    writeFileSync(join(folder, '.helmignore'), '# comment\nsecret/\n*.bak\n');
    const source = await readChart(folder);
    expect(source).toMatchObject({ kind: 'archive', name: 'demo' });
    expect(await readChart(folder)).toEqual(source);
    if (source.kind !== 'archive') return;
    const listed = execFileSync('tar', ['-tzf', '-'], { input: source.archive, encoding: 'utf8' }).trim().split('\n');
    expect(listed).toEqual([
      'demo/Chart.yaml',
      'demo/.helmignore',
      'demo/templates/a.yaml',
      `demo/${long}`,
      'demo/values.yaml',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a chart is packed under another version, and keeps everything else as it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'walmctl-chart-'));
  try {
    const text = `name: demo # the name\nversion: 1.0.0\ndescription: ${'long '.repeat(40)}end\n`;
    writeFileSync(join(folder, 'Chart.yaml'), text);
    const packed = await packChart(folder, { version: '2.0.0-rc.1', appVersion: '7' });
    expect(packed).toMatchObject({ name: 'demo', version: '2.0.0-rc.1' });
    const inside = execFileSync('tar', ['-xzOf', '-', 'demo/Chart.yaml'], { input: packed.archive, encoding: 'utf8' });
    expect(inside).toBe(`${text.replace('1.0.0', '2.0.0-rc.1')}appVersion: "7"\n`);
    expect((await packChart(folder)).version).toBe('1.0.0');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['examples/zookeeper', { kind: 'repository', repo: 'examples', name: 'zookeeper' }],
  ['zookeeper', { kind: 'repository', repo: '', name: 'zookeeper' }],
  [
    'oci://registry/charts/zookeeper:1.0',
    { kind: 'image', reference: 'oci://registry/charts/zookeeper:1.0', name: 'zookeeper' },
  ],
])('%s', async (text, expected) => {
  expect(await readChart(text)).toEqual(expected);
});

test.each([
  ['*.bak', 'a/b.bak', false, true],
  ['/top', 'top', false, true],
  ['/top', 'a/top', false, false],
  ['dir/', 'dir', true, true],
  ['dir/', 'dir', false, false],
  ['a/*.txt', 'a/b.txt', false, true],
  ['a/*.txt', 'a/c/b.txt', false, false],
  ['file[0-9]', 'file7', false, true],
])('.helmignore %s and %s', (rule, path, isFolder, ignored) => {
  expect(readHelmignore(rule)(path, isFolder)).toBe(ignored);
});

test.each([
  [{ chartName: 'a', configValues: {} }, 'request'],
  [{ CHARTNAME: 'a' }, 'request'],
  [{ kind: 'Release', name: 'a' }, 'request'],
  [{ releases: [] }, 'project'],
  [{ replicas: 1 }, 'values'],
  [{}, 'values'],
  [{ name: 'a' }, 'doubt'],
  [{ chartName: 'a', replicas: 1 }, 'doubt'],
  [{ plugins: [], replicas: 1 }, 'doubt'],
])('%o is %s', (content, kind) => {
  expect(sniff(content)).toBe(kind);
});

test('a file says where it cannot be read, and numbers keep their digits', async () => {
  await expect(readObject('a: [1,', 'values.yaml')).rejects.toThrow(/values\.yaml: .*line 1, column/);
  await expect(readObject('- 1', 'values.yaml')).rejects.toThrow('holds no object');
  await expect(readObject('a: 1\n---\nb: 2', 'values.yaml')).rejects.toThrow('2 documents');
  expect(await readObject('a: 12345678901234567890\nb: 7', 'v')).toEqual({ a: 12345678901234567890n, b: 7 });
});
