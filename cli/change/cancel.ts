import { EXIT, worst } from '../errors/exit-code.ts';
import { CommandFailure, UsageError } from '../errors/failures.ts';
import { findTask } from '../session/find-task.ts';
import { taskTarget } from '../render/object-columns.ts';
import { listAt, textAt } from '../render/read-value.ts';
import { oneLine } from '../render/width.ts';
import type { CommandRun } from '../session/command-run.ts';
import { eachOf } from '../session/each-of.ts';
import type { Session } from '../session/session.ts';

/** Stops tasks: by their ids, or what is going on with releases. */
export const cancel: CommandRun = async (session) => {
  const words = session.line.words.filter((word, index) => index > 0 || !/^(task|tasks|release)$/.test(word));
  if (words.length === 0) throw new UsageError('cancel needs the id of a task, or the name of a release');
  const texts: string[] = [];
  const codes = await eachOf(session, words, async (word) => {
    const id = await taskOf(session, word);
    const walm = await session.walm();
    const { text } = await walm.call('cancelTask', { path: { task: id } });
    texts.push(text);
    const task: unknown = JSON.parse(text);
    const isData = ['json', 'yaml', 'jsonpath'].includes(session.output.format().kind);
    if (!isData)
      session.output.say(
        `task/${id} ${textAt(task, 'state')}: ${textAt(task, 'operation')} ${oneLine(taskTarget(task))}`,
      );
  });
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) await session.output.data(only);
  else if (texts.length > 1) await session.output.data(`{"num":${texts.length},"items":[${texts.join(',')}]}`);
  return worst(codes);
};

/** The beginning of an id is told from the name of a release by its length. */
const MIN_PREFIX = 4;

/**
 * The id that a word means: of the unfinished task of a release of this name, which comes first because `cafe` is a name,
 * too; else of a task by its id, or the beginning of one.
 */
async function taskOf(session: Session, word: string): Promise<string> {
  const id = word.replace(/^tasks?\//, '');
  if (word !== id) return textAt(JSON.parse(await findTask(session, id)), 'id');
  const parts = word.replace(/^release\//, '').split('/');
  const release = parts.at(-1) ?? '';
  const namespace = parts.length > 1 ? (parts[0] ?? '') : await session.namespace();
  const walm = await session.walm();
  const list: unknown = JSON.parse((await walm.call('listTasks', { query: { namespace, release } })).text);
  const open = listAt(list, 'items').find((task) => ['queued', 'running'].includes(textAt(task, 'state')));
  if (open !== undefined) return textAt(open, 'id');
  if (/^[0-9a-f-]+$/.test(word) && word.length >= MIN_PREFIX) {
    try {
      return textAt(JSON.parse(await findTask(session, word)), 'id');
    } catch (error) {
      if (!(error instanceof CommandFailure) || error.exitCode !== EXIT.notFound) throw error;
    }
  }
  throw new CommandFailure(
    EXIT.notFound,
    `there is no task ${word}, and there is no unfinished task of a release ${namespace}/${release}`,
    ['tasks: walmctl get tasks'],
  );
}
