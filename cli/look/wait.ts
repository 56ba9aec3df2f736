import { parseExact } from '../../contract/exact-json.ts';
import { readNames, type Named } from '../arguments/targets.ts';
import { EXIT, worst, type ExitCode } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { findTask } from '../session/find-task.ts';
import { taskTarget } from '../render/object-columns.ts';
import { listAt, numberAt, textAt } from '../render/read-value.ts';
import { oneLine } from '../render/width.ts';
import type { CommandRun } from '../session/command-run.ts';
import { eachOf } from '../session/each-of.ts';
import type { Session } from '../session/session.ts';
import { followTask, taskFailure } from '../waiting/follow-task.ts';
import { interruptible } from '../waiting/interruptible.ts';
import { createProgress } from '../waiting/progress.ts';
import { watchChanges } from '../waiting/watch-changes.ts';
import { waitForRelease, type Goal } from '../waiting/wait-release.ts';

/** Waits until releases are what --for says, or tasks have ended. */
export const wait: CommandRun = async (session) => {
  const { io, line } = session;
  const since = io.clock();
  const names = await namesOf(session);
  const timeoutSec = line.seconds('timeout') ?? 600;
  return interruptible(session, [], async (signal) => {
    const code = await eachOf(session, names, (named) =>
      named.type === 'task'
        ? waitForTask(session, named.name, since, timeoutSec, signal)
        : waitForOne(session, named, since, timeoutSec, signal),
    );
    return worst(code);
  });
};

async function namesOf(session: Session): Promise<Named[]> {
  const { line, output } = session;
  const selector = line.text('selector');
  if (selector !== undefined) {
    const namespace = await session.namespace();
    const found = await releasesBy(session, namespace, { labelselector: selector });
    if (found.length === 0) output.note(`no releases match ${selector} in namespace ${namespace}`);
    return found;
  }
  const names = readNames(line.words, line.text('for') === 'task' ? ['task'] : ['release', 'task', 'project']);
  if (names.length === 0) throw new UsageError('wait needs a NAME, task/ID or -l SELECTOR');
  const single = await Promise.all(
    names.map(async (named) => {
      if (named.type !== 'project') return [named];
      const namespace = named.namespace ?? (await session.namespace());
      const members = await releasesBy(session, namespace, { project: named.name });
      // That it is not there is said as for every other object.
      if (members.length === 0)
        await (await session.walm()).call('getProject', { path: { namespace, project: named.name } });
      return members;
    }),
  );
  return single.flat();
}

async function releasesBy(session: Session, namespace: string, filter: Record<string, string>): Promise<Named[]> {
  const walm = await session.walm();
  const query = { ...filter, view: 'summary' };
  const { text } = await walm.call('listNamespaceReleases', { path: { namespace }, query });
  return listAt(parseExact(text), 'items').map((item) => ({
    type: 'release',
    namespace: textAt(item, 'namespace'),
    name: textAt(item, 'name'),
  }));
}

/** @throws UsageError unless it is ready, deleted, paused or revision=N */
export function readGoal(text: string): Goal {
  if (text === 'ready' || text === 'deleted' || text === 'paused') return { kind: text };
  const revision = /^revision=(\d{1,9})$/.exec(text)?.[1];
  if (revision !== undefined) return { kind: 'revision', revision: Number(revision) };
  throw new UsageError(`--for takes ready, deleted, paused or revision=N, not ${text}`);
}

async function waitForOne(
  session: Session,
  named: Named,
  since: number,
  timeoutSec: number,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { line, output } = session;
  const namespace = named.namespace ?? (await session.namespace());
  const { name } = named;
  const goal = readGoal(line.text('for') ?? 'ready');
  const changes = await watchChanges(session, { namespace, release: name }, signal);
  const progress = createProgress(session);
  try {
    const failFast = line.on('fail-fast');
    const awaited = { namespace, name, goal, since, timeoutSec, failFast, isNew: false };
    const text = await waitForRelease(session, awaited, changes, progress, signal);
    progress.end();
    if (signal.aborted || (text !== '' && (await output.data(text)))) return EXIT.done;
    const what = goal.kind === 'revision' ? `at revision ${goal.revision}` : goal.kind;
    const revision = text === '' ? 0 : numberAt(parseExact(text), 'version');
    output.say(
      `release ${namespace}/${name} is ${what}${revision > 0 && goal.kind === 'ready' ? ` (revision ${revision})` : ''}`,
    );
    return EXIT.done;
  } finally {
    progress.end();
    changes.close();
  }
}

async function waitForTask(
  session: Session,
  word: string,
  since: number,
  timeoutSec: number,
  signal: AbortSignal,
): Promise<ExitCode> {
  const task = parseExact(await findTask(session, word));
  const id = textAt(task, 'id');
  const namespace = textAt(task, 'namespace');
  const name = textAt(task, 'release');
  const release = name === '' ? undefined : { namespace, name };
  const title = oneLine(`${textAt(task, 'operation')} ${taskTarget(task)}`);
  const changes = await watchChanges(session, { namespace }, signal);
  const progress = createProgress(session);
  try {
    const text = await followTask(session, { id, title, release, since, timeoutSec }, changes, progress, signal);
    progress.end();
    if (signal.aborted) return EXIT.done;
    const ended = parseExact(text);
    const isShown = await session.output.data(text);
    if (textAt(ended, 'state') !== 'succeeded') throw taskFailure(ended, textAt(ended, 'operation'));
    if (!isShown) session.output.say(`task/${id} succeeded: ${title}`);
    return EXIT.done;
  } finally {
    progress.end();
    changes.close();
  }
}
