import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { readNames } from '../arguments/targets.ts';
import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { listAt, textAt } from '../render/read-value.ts';
import { yamlOf } from '../render/yaml-text.ts';
import type { CommandRun } from '../session/command-run.ts';
import type { Session } from '../session/session.ts';
import { movableRelease } from './release-request.ts';

/** One document that apply takes, as JSON. */
interface Exported {
  readonly kind: 'project' | 'release';
  readonly text: string;
}

/** Writes a release, a project or all of a namespace down as the file that apply takes. */
export const exportObjects: CommandRun = async (session) => {
  const { line, output } = session;
  const found = line.on('all') ? await exportNamespace(session) : [await exportNamed(session)];
  if (line.given('output') && (await output.data(jsonOf(found, line.on('all'))))) return EXIT.done;
  const texts = await Promise.all(found.map(({ text }) => yamlOf(text)));
  output.text(texts.join('---\n'));
  return EXIT.done;
};

/** One object is the answer of the API; a namespace is its projects and the releases that belong to none. */
function jsonOf(found: readonly Exported[], isAll: boolean): string {
  const textsOf = (kind: Exported['kind']) => found.filter((one) => one.kind === kind).map(({ text }) => text.trim());
  return isAll
    ? `{"projects":[${textsOf('project').join(',')}],"releases":[${textsOf('release').join(',')}]}`
    : (found[0]?.text ?? '');
}

async function exportNamed(session: Session): Promise<Exported> {
  const [named, ...more] = readNames(session.line.words, ['release', 'project']);
  if (named === undefined || more.length > 0) {
    throw new UsageError('export takes the name of a release, project/NAME, or --all');
  }
  const namespace = named.namespace ?? (await session.namespace());
  return named.type === 'project'
    ? exportProject(session, namespace, named.name)
    : exportRelease(session, namespace, named.name);
}

async function exportNamespace(session: Session): Promise<Exported[]> {
  const { line } = session;
  if (line.words.length > 0) throw new UsageError('--all exports a namespace: leave out the name, or --all');
  const namespace = await session.namespace();
  const walm = await session.walm();
  const query = { view: 'summary' };
  const { text } = await walm.call('listNamespaceReleases', { path: { namespace }, query });
  const releases = listAt(parseExact(text), 'items').filter((release) => textAt(release, 'status') !== '');
  const projects = [...new Set(releases.map((release) => textAt(release, 'project')))].filter((name) => name !== '');
  const found: Exported[] = [];
  for (const project of projects) found.push(await exportProject(session, namespace, project));
  for (const release of releases) {
    if (textAt(release, 'project') === '') found.push(await exportRelease(session, namespace, textAt(release, 'name')));
  }
  if (found.length === 0) throw new UsageError(`there is nothing to export in namespace ${namespace}`);
  return found;
}

async function exportProject(session: Session, namespace: string, project: string): Promise<Exported> {
  const walm = await session.walm();
  const query = { secrets: session.line.on('secrets') || undefined };
  const { text } = await walm.call('exportProject', { path: { namespace, project }, query });
  for (const release of listAt(parseExact(text), 'releases')) {
    const isFetchable = textAt(release, 'chartName') !== '' || textAt(release, 'chartImage') !== '';
    if (!isFetchable) await saveChart(session, namespace, textAt(release, 'name'));
  }
  return { kind: 'project', text };
}

async function exportRelease(session: Session, namespace: string, name: string): Promise<Exported> {
  if (session.line.on('secrets')) {
    throw new UsageError('secret values are exported with projects only', ['walmctl export project/NAME --secrets']);
  }
  const walm = await session.walm();
  const { text } = await walm.call('getRelease', { path: { namespace, release: name } });
  const { request, chart } = movableRelease(parseExact(text), 'kept');
  if (chart === 'kept') await saveChart(session, namespace, name);
  return { kind: 'release', text: stringifyExact({ kind: 'Release', namespace, ...request }) ?? '{}' };
}

/** Saves the chart of a release that no repository has, where --charts names a folder; otherwise it is only told. */
async function saveChart(session: Session, namespace: string, name: string): Promise<void> {
  const { line, output } = session;
  const folder = line.text('charts');
  if (folder === undefined) {
    const message = `no repository has the chart of ${namespace}/${name}: --charts FOLDER saves it`;
    output.warn([{ code: 'CHART_NOT_NAMED', message }]);
    return;
  }
  const walm = await session.walm();
  const { bytes } = await walm.call('getReleaseChart', { path: { namespace, release: name } });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${namespace}_${name}.tgz`);
  writeFileSync(file, bytes);
  output.note(`the chart of ${namespace}/${name} is ${file}`);
}
