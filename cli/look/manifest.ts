import { EXIT } from '../errors/exit-code.ts';
import { textAt } from '../render/read-value.ts';
import { severalLines } from '../render/width.ts';
import { page } from '../session/pager.ts';
import type { CommandRun } from '../session/command-run.ts';
import { releaseOf } from './release-of.ts';

/** The objects of a release as recorded, in YAML. */
export const manifest: CommandRun = async (session) => {
  const walm = await session.walm();
  const query = { revision: session.line.number('revision'), hooks: session.line.on('hooks') };
  const { text } = await walm.call('showManifest', { path: await releaseOf(session), query });
  await page(session, severalLines(text));
  return EXIT.done;
};

/** The chart's notes for a release. */
export const notes: CommandRun = async (session) => {
  const walm = await session.walm();
  const query = { revision: session.line.number('revision') };
  const { text } = await walm.call('showNotes', { path: await releaseOf(session), query });
  if (await session.output.data(text)) return EXIT.done;
  const shown = severalLines(textAt(JSON.parse(text), 'notes'));
  if (shown === '') session.output.note('the chart has no notes');
  else session.output.text(shown.endsWith('\n') ? shown : `${shown}\n`);
  return EXIT.done;
};
