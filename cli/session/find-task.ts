import { EXIT } from '../errors/exit-code.ts';
import { CommandFailure, Refusal, UsageError } from '../errors/failures.ts';
import { listAt, textAt } from '../render/read-value.ts';
import type { Session } from './session.ts';

/** How many tasks are looked through for the beginning of an id. */
const NEWEST = 500;

/**
 * The task of an id, or of the only one that begins so, as JSON text.
 * @throws CommandFailure with exit code 4 if there is none, UsageError if several begin so
 */
export async function findTask(session: Session, id: string): Promise<string> {
  const walm = await session.walm();
  try {
    return (await walm.call('getTask', { path: { task: id } })).text;
  } catch (error) {
    if (!(error instanceof Refusal) || error.problem?.code !== 'TASK_NOT_FOUND') throw error;
  }
  const list: unknown = JSON.parse((await walm.call('listTasks', { query: { limit: NEWEST } })).text);
  const ids = listAt(list, 'items')
    .map((task) => textAt(task, 'id'))
    .filter((candidate) => candidate.startsWith(id));
  const [only] = ids;
  if (only === undefined)
    throw new CommandFailure(EXIT.notFound, `there is no task ${id}`, ['tasks: walmctl get tasks']);
  if (ids.length > 1) throw new UsageError(`several tasks begin with ${id}`, ids.slice(0, 10));
  return (await walm.call('getTask', { path: { task: only } })).text;
}
