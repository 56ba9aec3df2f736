import { parseExact } from '../../contract/exact-json.ts';
import { dryRun, previewQuery } from '../change/preview-apply.ts';
import { readContent } from '../change/release-content.ts';
import { EXIT, type ExitCode } from '../errors/exit-code.ts';
import { Refusal, UsageError } from '../errors/failures.ts';
import { applyDifference, differenceCounts, objectLines, pathLines } from '../render/difference.ts';
import { listAt, textAt } from '../render/read-value.ts';
import type { CommandRun } from '../session/command-run.ts';
import { page } from '../session/pager.ts';
import type { Session } from '../session/session.ts';
import { contentFlags } from '../table/content-flags.ts';
import { releaseOf } from './release-of.ts';

/** What differs between revisions, from the live objects, or from what an upgrade would make. */
export const diff: CommandRun = async (session) => {
  const { line } = session;
  const content =
    line.words.length > (line.words[0] === 'release' ? 2 : 1) || contentFlags.some(({ name }) => line.given(name));
  const ways = [content, line.given('revision'), line.on('live')].filter(Boolean).length;
  if (ways > 1) throw new UsageError('diff compares one thing at a time: content flags, --revision or --live');
  if (content) return diffContent(session);
  return line.on('live') ? diffLive(session) : diffRevisions(session);
};

async function diffContent(session: Session): Promise<ExitCode> {
  const content = await readContent(session);
  if (content.name === '') throw new UsageError('walmctl diff needs the name of the release');
  const text = await dryRun(session, content, { ...previewQuery(session), diff: true });
  const answer = parseExact(text);
  const objects = listAt(answer, 'objects');
  return show(
    session,
    text,
    objects,
    applyDifference(answer, session.output.paint),
    listAt(answer, 'dependents').length,
  );
}

async function diffLive(session: Session): Promise<ExitCode> {
  const walm = await session.walm();
  const { text } = await walm.call('showDrift', { path: await releaseOf(session) });
  const objects = listAt(parseExact(text), 'objects').filter((object) => textAt(object, 'state') !== 'in sync');
  const lines = objects.flatMap((object) => objectLines(object, session.output.paint));
  const drifted = objects.filter((object) => ['changed', 'missing'].includes(textAt(object, 'state')));
  return show(session, text, drifted, lines, 0);
}

async function diffRevisions(session: Session): Promise<ExitCode> {
  const walm = await session.walm();
  const query = readRevisions(session.line.text('revision'));
  const path = await releaseOf(session);
  let text: string;
  try {
    text = (await walm.call('compareRevisions', { path, query })).text;
  } catch (error) {
    const isFirst =
      error instanceof Refusal && error.problem?.code === 'REVISION_NOT_FOUND' && !session.line.given('revision');
    if (!isFirst) throw error;
    session.output.note(`${path.namespace}/${path.release} has one revision: there is none before it to compare with`);
    return EXIT.done;
  }
  const answer = parseExact(text);
  const values = listAt(answer, 'configValues');
  const { paint } = session.output;
  const lines = [
    ...(values.length === 0 ? [] : ['values', ...values.flatMap((value) => pathLines(value, paint))]),
    ...listAt(answer, 'objects').flatMap((object) => objectLines(object, paint)),
  ];
  return show(session, text, listAt(answer, 'objects'), lines, values.length);
}

/** `A` is compared with the one before, `A..B` with B. */
function readRevisions(text: string | undefined): { from?: number; to?: number } {
  if (text === undefined) return {};
  const [, from = '', dots, to = ''] = /^(\d{1,9})?(\.\.)?(\d{1,9})?$/.exec(text) ?? [];
  if (dots === undefined && from !== '') return { to: Number(from) };
  if (dots !== undefined && (from !== '' || to !== '')) {
    return { ...(from !== '' && { from: Number(from) }), ...(to !== '' && { to: Number(to) }) };
  }
  throw new UsageError(`--revision takes A or A..B, not ${text}`);
}

async function show(
  session: Session,
  text: string,
  objects: readonly unknown[],
  lines: readonly string[],
  others: number,
): Promise<ExitCode> {
  const { line, output } = session;
  const differs = objects.length > 0 || others > 0;
  if (!(await output.data(text))) {
    if (line.on('summary')) output.say(differenceCounts(objects));
    else if (lines.length > 0) await page(session, `${lines.join('\n')}\n`);
    else output.note('nothing differs');
  }
  return differs && line.on('exit-code') ? EXIT.answer : EXIT.done;
}
