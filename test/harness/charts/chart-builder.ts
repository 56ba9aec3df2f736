import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse, stringify } from 'yaml';

import { writeTarGz } from './tar-writer.ts';

/** Files of a chart by their path inside it, such as `templates/service.yaml`. */
export type ChartFiles = Record<string, string | Buffer>;

/** A packed chart: what `helm package` would write, and the content of its Chart.yaml. */
export interface ChartArchive {
  name: string;
  version: string;
  bytes: Buffer;
  /** sha256 of `bytes`, hexadecimal. */
  digest: string;
}

const FIXTURES = fileURLToPath(new URL('../../fixtures/charts/', import.meta.url));

/** Packs the files of a chart given in the test; Chart.yaml is written from `name` and `version` unless given. */
export function buildChart(name: string, files: ChartFiles, version = '0.1.0'): ChartArchive {
  return packChart({ 'Chart.yaml': stringify({ apiVersion: 'v2', name, version }), ...files });
}

/** Packs a chart of test/fixtures/charts; `version` replaces the one of its Chart.yaml. */
export function fixtureChart(name: string, version?: string): ChartArchive {
  const files = readFolder(join(FIXTURES, name));
  if (version !== undefined) {
    const metadata = parse(String(files['Chart.yaml'])) as Record<string, unknown>;
    files['Chart.yaml'] = stringify({ ...metadata, version });
  }
  return packChart(files);
}

/** A packed chart from a file, named after the file. */
export function archiveOf(path: string): ChartArchive {
  const bytes = readFileSync(path);
  const [, name = '', version = ''] = /([a-z-]+)-([\d.]+)\.tgz$/.exec(path) ?? [];
  return { name, version, bytes, digest: createHash('sha256').update(bytes).digest('hex') };
}

/** Packs a chart from a folder, for example one that `helm create` has just written. */
export function folderChart(folder: string): ChartArchive {
  return packChart(readFolder(folder));
}

function packChart(files: ChartFiles): ChartArchive {
  const metadata = parse(String(files['Chart.yaml'])) as { name: string; version: string };
  const entries = Object.entries(files).map(([path, content]) => ({ name: `${metadata.name}/${path}`, content }));
  const bytes = writeTarGz(entries);
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { name: metadata.name, version: metadata.version, bytes, digest };
}

function readFolder(folder: string): ChartFiles {
  const files: ChartFiles = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      files[relative(folder, path)] = readFileSync(path);
    }
  }
  return Object.fromEntries(Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
