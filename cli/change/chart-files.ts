import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { parseExact } from '../../contract/exact-json.ts';
import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { packChart, readChart } from '../files/chart-archive.ts';
import { chartPath } from '../files/chart-path.ts';
import { untarChart } from '../files/untar.ts';
import { textAt } from '../render/read-value.ts';
import { nodeCrypto } from '../system/node-modules.ts';
import type { CommandRun } from '../session/command-run.ts';
import type { Session } from '../session/session.ts';

/** Packs the folder of a chart into an archive, here and without a server. */
export const packageChart: CommandRun = async (session) => {
  const { line } = session;
  const folder = line.words[0] ?? line.text('chart-path');
  if (folder === undefined) throw new UsageError('chart package needs the folder of a chart');
  const own = { version: line.text('version'), appVersion: line.text('app-version'), applib: line.text('applib') };
  const { archive, name, version } = await packChart(folder, own);
  if (!/^v?\d+\.\d+\.\d+/.test(version)) {
    throw new UsageError(`the chart has no version such as 1.2.3, but "${version}"`, ['name one: --version 1.2.3']);
  }
  return save(session, `${name}-${version}.tgz`, archive);
};

/** Saves the archive of a chart of a repository, as it is there. */
export const pullChart: CommandRun = async (session) => {
  const { line } = session;
  const source = await readChart(line.words[0] ?? '');
  if (source.kind !== 'repository') {
    throw new UsageError('chart pull takes a chart of a repository: REPO/NAME', [
      'an image is pulled from its registry: helm pull oci://…',
    ]);
  }
  const walm = await session.walm();
  const call = {
    path: chartPath(line.words[0]),
    query: { 'chart-version': line.text('version') },
  };
  // The archive says nothing of its version, which a range may have chosen.
  const chart = parseExact((await walm.call('getChart', call)).text);
  const version = textAt(chart, 'chartVersion');
  const { bytes } = await walm.call('getChartArchive', { ...call, query: { 'chart-version': version } });
  if (line.on('untar')) return unpack(session, source.name, bytes);
  return save(session, `${source.name}-${version}.tgz`, bytes);
};

/** Unpacks an archive into a folder of its own name, which is there whole or not at all; a folder that is there stays. */
function unpack(session: Session, name: string, archive: Uint8Array) {
  const { line, output } = session;
  const parent = line.text('destination') ?? '.';
  const folder = join(parent, name);
  if (existsSync(folder)) {
    throw new UsageError(`${folder} exists already`, [
      'choose another place: -d FOLDER; a folder is never written over',
    ]);
  }
  const draft = `${folder}.${process.pid}`;
  try {
    for (const { path, content, executable } of untarChart(archive)) {
      const [, ...below] = path.split('/');
      const file = join(draft, ...below);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      if (executable) chmodSync(file, 0o755);
    }
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  output.say(folder);
  return EXIT.done;
}

/** Writes an archive into the folder of the line; a file is there whole or not at all. */
function save(session: Session, file: string, archive: Uint8Array) {
  const { line, output } = session;
  if (!/^[\w.+-]+$/.test(file))
    throw new UsageError(`the chart has a name or version that cannot be a file name: ${file}`);
  const folder = line.text('destination') ?? '.';
  const path = join(folder, file);
  if (existsSync(path) && !line.on('force')) {
    throw new UsageError(`${path} exists already`, ['write over it: --force']);
  }
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, archive);
  renameSync(draft, path);
  output.say(`${path}  sha256:${nodeCrypto().createHash('sha256').update(archive).digest('hex')}`);
  return EXIT.done;
}
