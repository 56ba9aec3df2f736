import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { buildChart, fixtureChart } from './chart-builder.ts';
import { type TarEntry, writeTar, writeTarGz } from './tar-writer.ts';

/** An invalid chart archive; `bytes` builds it when called. */
export interface MalformedArchive {
  what: string;
  bytes: () => Buffer;
}

const MIB = 1024 * 1024;
const METADATA = 'apiVersion: v2\nname: bad\nversion: 0.1.0\n';
const CHART_YAML: TarEntry = { name: 'bad/Chart.yaml', content: METADATA };

function withEntries(...entries: TarEntry[]): () => Buffer {
  return () => writeTarGz([CHART_YAML, ...entries]);
}

function withMetadata(text: string): () => Buffer {
  return () => writeTarGz([{ name: 'bad/Chart.yaml', content: text }]);
}

/** A few bytes of YAML whose expansion has 9^levels leaves. */
function aliasBomb(levels: number): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level <= levels; level += 1) {
    lines.push(
      `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Bytes that are not a chart at all. */
const NO_CHART: MalformedArchive[] = [
  { what: 'an empty file', bytes: () => Buffer.alloc(0) },
  { what: 'text', bytes: () => Buffer.from('this is not an archive') },
  { what: 'random bytes', bytes: () => randomBytes(4096) },
  { what: 'gzip of something else', bytes: () => gzipSync('hello') },
  { what: 'gzip of nothing', bytes: () => gzipSync('') },
  { what: 'tar without gzip', bytes: () => writeTar([CHART_YAML]) },
  { what: 'an archive without files', bytes: () => writeTarGz([]) },
  { what: 'only a folder', bytes: () => writeTarGz([{ name: 'bad/', folder: true }]) },
];

/** Chart.yaml missing, misplaced or wrong. */
const METADATA_FAULTS: MalformedArchive[] = [
  { what: 'no Chart.yaml', bytes: () => writeTarGz([{ name: 'bad/values.yaml', content: 'a: 1\n' }]) },
  { what: 'Chart.yaml too deep', bytes: () => writeTarGz([{ name: 'a/b/Chart.yaml', content: METADATA }]) },
  { what: 'Chart.yaml without folder', bytes: () => writeTarGz([{ name: 'Chart.yaml', content: METADATA }]) },
  { what: 'Chart.yaml that is not YAML', bytes: withMetadata('name: [bad\n  :') },
  { what: 'Chart.yaml that is a list', bytes: withMetadata('- bad\n') },
  { what: 'Chart.yaml that is empty', bytes: withMetadata('') },
  { what: 'Chart.yaml of binary', bytes: withMetadata('\u0000\u0001\u0002') },
  { what: 'no name', bytes: withMetadata('apiVersion: v2\nversion: 0.1.0\n') },
  { what: 'no version', bytes: withMetadata('apiVersion: v2\nname: bad\n') },
  { what: 'a version that is none', bytes: withMetadata('apiVersion: v2\nname: bad\nversion: latest\n') },
  { what: 'an unknown apiVersion', bytes: withMetadata('apiVersion: v9\nname: bad\nversion: 0.1.0\n') },
  { what: 'a name with a path', bytes: withMetadata('apiVersion: v2\nname: ../bad\nversion: 0.1.0\n') },
  { what: 'a name of the wrong type', bytes: withMetadata('apiVersion: v2\nname: {a: 1}\nversion: 0.1.0\n') },
  { what: 'an alias bomb as Chart.yaml', bytes: withMetadata(`${METADATA}annotations:\n  x: y\n${aliasBomb(9)}`) },
];

/** Entries that leave the chart's folder or are not files. */
const ENTRY_FAULTS: MalformedArchive[] = [
  { what: 'a path with ..', bytes: withEntries({ name: 'bad/../../evil.yaml', content: 'x' }) },
  { what: 'a path that begins with ..', bytes: withEntries({ name: '../evil.yaml', content: 'x' }) },
  { what: 'an absolute path', bytes: withEntries({ name: '/etc/evil.yaml', content: 'x' }) },
  { what: 'a path with backslashes', bytes: withEntries({ name: 'bad\\..\\..\\evil.yaml', content: 'x' }) },
  { what: 'a path with a drive', bytes: withEntries({ name: 'c:/evil.yaml', content: 'x' }) },
  {
    what: 'a symbolic link',
    bytes: withEntries({ name: 'bad/values.yaml', link: { type: '2', target: '/etc/passwd' } }),
  },
  {
    what: 'a hard link',
    bytes: withEntries({ name: 'bad/values.yaml', link: { type: '1', target: 'bad/Chart.yaml' } }),
  },
  {
    what: 'a size that is not there',
    bytes: withEntries({ name: 'bad/values.yaml', content: 'a: 1', claimedSize: 90_000 }),
  },
];

/** Files of a chart whose content does not match their name. */
const CONTENT_FAULTS: MalformedArchive[] = [
  { what: 'values.yaml that is not YAML', bytes: withEntries({ name: 'bad/values.yaml', content: 'a: [1\nb: }' }) },
  { what: 'values.yaml that is a list', bytes: withEntries({ name: 'bad/values.yaml', content: '- 1\n- 2\n' }) },
  { what: 'values.yaml that is a number', bytes: withEntries({ name: 'bad/values.yaml', content: '42\n' }) },
  { what: 'an alias bomb as values.yaml', bytes: withEntries({ name: 'bad/values.yaml', content: aliasBomb(9) }) },
  { what: 'a schema that is not JSON', bytes: withEntries({ name: 'bad/values.schema.json', content: '{' }) },
  {
    what: 'a schema that is not a schema',
    bytes: withEntries({ name: 'bad/values.schema.json', content: '{"type": 7}' }),
  },
  { what: 'a subchart that is not an archive', bytes: withEntries({ name: 'bad/charts/sub-1.0.0.tgz', content: 'x' }) },
  {
    what: 'a subchart without Chart.yaml',
    bytes: withEntries({ name: 'bad/charts/sub/values.yaml', content: 'a: 1' }),
  },
];

/** Archives that are small but expensive to process. */
const BOMBS: MalformedArchive[] = [
  { what: 'one file of 200 MiB', bytes: withEntries({ name: 'bad/files/zero', content: Buffer.alloc(200 * MIB) }) },
  { what: 'one file of 6 MiB', bytes: withEntries({ name: 'bad/files/noise', content: randomBytes(6 * MIB) }) },
  {
    what: 'thirty files of 4 MiB',
    bytes: withEntries(...numbered(30).map((i) => ({ name: `bad/files/${i}`, content: Buffer.alloc(4 * MIB) }))),
  },
  { what: 'bombs nested as subcharts', bytes: () => nestedBomb(1) },
  { what: 'bombs nested twice', bytes: () => nestedBomb(2) },
];

/** Every malformed archive except the truncated ones. */
export const MALFORMED_ARCHIVES = [...NO_CHART, ...METADATA_FAULTS, ...ENTRY_FAULTS, ...CONTENT_FAULTS, ...BOMBS];

/** A valid archive that is cut off, at `count` offsets spread over it. */
export function truncatedArchives(count: number): MalformedArchive[] {
  const { bytes } = fixtureChart('umbrella');
  return numbered(count).map((i) => {
    const length = Math.max(1, Math.floor((bytes.length * i) / count));
    return { what: `an archive cut after ${length} of ${bytes.length} bytes`, bytes: () => bytes.subarray(0, length) };
  });
}

function nestedBomb(depth: number): Buffer {
  const zeros = Object.fromEntries(numbered(10).map((i) => [`files/${i}`, Buffer.alloc(4 * MIB)]));
  let inner = buildChart('inner', zeros).bytes;
  for (let level = 0; level < depth; level += 1) {
    const subcharts = numbered(4).map((i) => ({ name: `bad/charts/inner-${i}.tgz`, content: inner }));
    inner = writeTarGz([CHART_YAML, ...subcharts]);
  }
  return inner;
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
