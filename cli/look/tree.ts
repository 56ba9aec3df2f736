import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { readNames, type Named } from '../arguments/targets.ts';
import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { inOrderOfDependencies } from '../render/dependency-graph.ts';
import { releaseState } from '../render/object-columns.ts';
import { at, listAt, numberAt, textAt } from '../render/read-value.ts';
import { releaseNodes, treeLines } from '../render/release-tree.ts';
import type { CommandRun } from '../session/command-run.ts';
import type { Session } from '../session/session.ts';
import { followEvents } from '../waiting/follow-events.ts';

/**
 * The objects of a release down to containers, or those of all releases of a project, providers first. In JSON it is
 * `releaseStatus`, or the project, as the API has it.
 */
export const tree: CommandRun = async (session) => {
  const [named, ...more] = readNames(session.line.words, ['release', 'project']);
  if (named === undefined || more.length > 0) throw new UsageError('tree takes the name of one release or project');
  const namespace = named.namespace ?? (await session.namespace());
  const look = () => show(session, named, namespace);
  await look();
  if (!session.line.on('watch')) return EXIT.done;
  const scope = { namespace, ...(named.type === 'release' && { release: named.name }) };
  await followEvents(session, scope, async () => {
    session.output.say('');
    await look();
    return false;
  });
  return EXIT.done;
};

async function show(session: Session, { type, name }: Named, namespace: string): Promise<void> {
  const { output } = session;
  const walm = await session.walm();
  if (type === 'project') {
    const { text } = await walm.call('getProject', { path: { namespace, project: name } });
    if (await output.data(text)) return;
    for (const release of inOrderOfDependencies(listAt(parseExact(text), 'releases'))) showRelease(session, release);
    return;
  }
  const release = parseExact((await walm.call('getRelease', { path: { namespace, release: name } })).text);
  if (await output.data(stringifyExact(at(release, 'releaseStatus') ?? null) ?? '')) return;
  showRelease(session, release);
}

function showRelease({ line, output }: Session, release: unknown): void {
  const name = `${textAt(release, 'namespace')}/${textAt(release, 'name')}`;
  output.say(`${output.paint.bold(name)}  rev ${numberAt(release, 'version')}  ${releaseState(release)}`);
  for (const written of treeLines(releaseNodes(release), line.on('all'))) output.say(written);
}
