import { parseExact } from '../../contract/exact-json.ts';
import { EXIT } from '../errors/exit-code.ts';
import { ageOf } from '../render/age.ts';
import { chartOf } from '../render/object-columns.ts';
import { at, listAt, numberAt, textAt } from '../render/read-value.ts';
import type { CommandRun } from '../session/command-run.ts';
import { releaseOf } from './release-of.ts';

/** The revisions of a release, newest first: who wrote them, when and why. */
export const history: CommandRun = async (session) => {
  const { io, line, output } = session;
  const walm = await session.walm();
  const limit = line.number('max') ?? 10;
  const query = limit === 0 ? {} : { limit };
  const { text } = await walm.call('listRevisions', { path: await releaseOf(session), query });
  if (await output.data(text)) return EXIT.done;
  const revisions = listAt(parseExact(text), 'items');
  if (output.format().kind === 'name') {
    for (const revision of revisions) output.say(`${numberAt(revision, 'revision')}`);
    return EXIT.done;
  }
  const rows = revisions.map((revision) => [
    `${numberAt(revision, 'revision')}`,
    ageOf(at(revision, 'updated'), io.now()),
    textAt(revision, 'status'),
    chartOf(revision),
    textAt(revision, 'chartAppVersion'),
    textAt(revision, 'caller') || (at(revision, 'outside') === true ? 'helm' : ''),
    textAt(revision, 'cause') || textAt(revision, 'description'),
  ]);
  output.table(['REVISION', 'AGE', 'STATUS', 'CHART', 'APP-VERSION', 'BY', 'CAUSE'], rows, 'CAUSE');
  return EXIT.done;
};
