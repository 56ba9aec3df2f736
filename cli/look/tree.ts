import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { EXIT } from '../errors/exit-code.ts';
import { releaseState } from '../render/object-columns.ts';
import { at, numberAt, textAt } from '../render/read-value.ts';
import { releaseNodes, treeLines } from '../render/release-tree.ts';
import type { CommandRun } from '../session/command-run.ts';
import type { Session } from '../session/session.ts';
import { followEvents } from '../waiting/follow-events.ts';
import { releaseOf } from './release-of.ts';

/** The objects of a release down to containers; in JSON they are `releaseStatus` as the API has it. */
export const tree: CommandRun = async (session) => {
  const path = await releaseOf(session);
  await show(session, path);
  if (!session.line.on('watch')) return EXIT.done;
  await followEvents(session, path, async () => {
    session.output.say('');
    await show(session, path);
    return false;
  });
  return EXIT.done;
};

async function show(session: Session, path: { namespace: string; release: string }): Promise<void> {
  const { line, output } = session;
  const walm = await session.walm();
  const release = parseExact((await walm.call('getRelease', { path })).text);
  if (await output.data(stringifyExact(at(release, 'releaseStatus') ?? null) ?? '')) return;
  const name = `${textAt(release, 'namespace')}/${textAt(release, 'name')}`;
  output.say(`${output.paint.bold(name)}  rev ${numberAt(release, 'version')}  ${releaseState(release)}`);
  for (const written of treeLines(releaseNodes(release), line.on('all'))) output.say(written);
}
