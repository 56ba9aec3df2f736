import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { UsageError } from '../errors/failures.ts';
import { nodeZlib } from '../system/node-modules.ts';
import { readHelmignore, type Ignores } from './helmignore.ts';
import { readObject } from './read-yaml.ts';
import { tarOf, type TarEntry } from './tar.ts';

/** Where a chart comes from. */
export type ChartSource =
  | { readonly kind: 'archive'; readonly archive: Uint8Array; readonly name: string }
  | { readonly kind: 'image'; readonly reference: string; readonly name: string }
  | { readonly kind: 'repository'; readonly repo: string; readonly name: string };

const MAX_FILES = 20_000;
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads `repo/name`, `name`, `oci://…`, a folder or a `.tgz`. A folder with a Chart.yaml wins over a repository of the
 * same name, as helm has it.
 * @throws UsageError if a path is not a chart
 */
export async function readChart(text: string): Promise<ChartSource> {
  if (text.startsWith('oci://')) {
    const name = text.split('/').at(-1)?.split(/[:@]/)[0] ?? '';
    return { kind: 'image', reference: text, name };
  }
  const isPath = /^[./~]/.test(text) || /\.(tgz|tar\.gz)$/.test(text) || existsSync(join(text, 'Chart.yaml'));
  if (isPath) return readLocal(text);
  const parts = text.split('/');
  const [repo = '', name = ''] = parts.length === 1 ? ['', parts[0]] : parts;
  if (parts.length > 2 || name === '') {
    throw new UsageError(`${text} is not a chart`, [
      'a chart is repo/name, name, oci://registry/name, a folder or a .tgz',
    ]);
  }
  return { kind: 'repository', repo, name };
}

async function readLocal(path: string): Promise<ChartSource> {
  if (!existsSync(path)) throw new UsageError(`there is no chart at ${path}`);
  if (statSync(path).isFile()) {
    const archive = readFileSync(path);
    if (archive[0] !== 0x1f || archive[1] !== 0x8b) throw new UsageError(`${path} is not a packaged chart (.tgz)`);
    return { kind: 'archive', archive, name: /([^/]+?)(-\d+\.\d+\.\d+.*)?\.(tgz|tar\.gz)$/.exec(path)?.[1] ?? '' };
  }
  const { archive, name } = await packChart(path);
  return { kind: 'archive', archive, name };
}

/** What a packed chart says of itself instead of what stands in its Chart.yaml. */
export interface PackedFacts {
  readonly version?: string | undefined;
  readonly appVersion?: string | undefined;
  /** Folder of the Jsonnet libraries that charts of a repository share: it becomes `applib/` of the archive. */
  readonly applib?: string | undefined;
}

/**
 * Packs the folder of a chart as `helm package` does, leaving out what its .helmignore names.
 * @throws UsageError if it is not the folder of a chart, or has no name or version
 */
export async function packChart(
  folder: string,
  facts: PackedFacts = {},
): Promise<{ archive: Uint8Array; name: string; version: string }> {
  const file = join(folder, 'Chart.yaml');
  if (!existsSync(file)) throw new UsageError(`${folder} is not a chart: it has no Chart.yaml`);
  const description = await describe(readFileSync(file, 'utf8'), file, facts);
  const { name, version } = await readObject(description, file);
  if (typeof name !== 'string' || !/^[a-zA-Z0-9._-]+$/.test(name) || name === '.' || name === '..') {
    throw new UsageError(`${file} has no name of a chart`);
  }
  const ignoreFile = join(folder, '.helmignore');
  const ignores = readHelmignore(existsSync(ignoreFile) ? readFileSync(ignoreFile, 'utf8') : '');
  const packing: Packing = { folder, ignores, name, entries: [], bytes: 0 };
  collect(packing, '');
  if (facts.applib !== undefined) addApplib(packing, facts.applib);
  const entries = packing.entries.map((entry) =>
    entry.path === `${name}/Chart.yaml` ? { ...entry, content: Buffer.from(description) } : entry,
  );
  // As helm has it, Chart.yaml comes first.
  entries.sort((left, right) => rank(left.path) - rank(right.path) || (left.path < right.path ? -1 : 1));
  const archive = nodeZlib().gzipSync(tarOf(entries), { level: 9 });
  return { archive, name, version: typeof version === 'string' ? version : '' };
}

/** The text of a Chart.yaml with other facts; everything else, comments too, stays as it is. */
async function describe(text: string, file: string, { version, appVersion }: PackedFacts): Promise<string> {
  if (version === undefined && appVersion === undefined) return text;
  await readObject(text, file);
  const { parseDocument } = await import('../system/yaml-library.ts');
  const document = parseDocument(text);
  if (version !== undefined) document.set('version', version);
  if (appVersion !== undefined) document.set('appVersion', appVersion);
  return document.toString({ lineWidth: 0 });
}

function rank(path: string): number {
  return path.split('/').length === 2 && path.endsWith('/Chart.yaml') ? 0 : 1;
}

/**
 * Adds the shared Jsonnet libraries, as the original does: without those that the server brings, and without the cases of
 * tests.
 */
function addApplib(packing: Packing, folder: string): void {
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
  const own = packing.entries.filter(({ path }) => !/^[^/]+\/(applib|ci)\//.test(path));
  const isBrought = readHelmignore('/ksonnet-lib/\n');
  const libraries: Packing = { ...packing, folder, ignores: isBrought, name: `${packing.name}/applib`, entries: own };
  collect(libraries, '');
  packing.entries.splice(0, packing.entries.length, ...own);
}

interface Packing {
  readonly folder: string;
  readonly ignores: Ignores;
  readonly name: string;
  readonly entries: TarEntry[];
  bytes: number;
}

function collect(packing: Packing, below: string): void {
  for (const file of readdirSync(join(packing.folder, below))) {
    const path = below === '' ? file : `${below}/${file}`;
    const full = join(packing.folder, path);
    // A link counts as what it leads to.
    const stat = statSync(full);
    if (packing.ignores(path, stat.isDirectory())) continue;
    if (stat.isDirectory()) {
      if (path.split('/').length > 50) throw new UsageError(`${full}: folders are nested too deeply`);
      collect(packing, path);
    } else if (stat.isFile()) {
      packing.bytes += stat.size;
      if (packing.entries.length >= MAX_FILES || packing.bytes > MAX_BYTES) {
        throw new UsageError(`${packing.folder} is too large for a chart`, [
          'name what does not belong to it in .helmignore',
        ]);
      }
      const executable = (stat.mode & 0o111) !== 0;
      packing.entries.push({ path: `${packing.name}/${path}`, content: readFileSync(full), executable });
    }
  }
}
