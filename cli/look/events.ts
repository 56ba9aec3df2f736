import { parseExact } from '../../contract/exact-json.ts';
import type { RawEvent } from '../../contract/event-reader.ts';
import { oneRelease } from '../arguments/targets.ts';
import { EXIT } from '../errors/exit-code.ts';
import { NotReached, Refusal, UsageError } from '../errors/failures.ts';
import { releaseState, taskTarget } from '../render/object-columns.ts';
import { listAt, textAt } from '../render/read-value.ts';
import { cutTo, oneLine, padTo } from '../render/width.ts';
import type { CommandRun } from '../session/command-run.ts';
import type { Session } from '../session/session.ts';
import { interruptible } from '../waiting/interruptible.ts';
import { queryOf, type Scope } from '../waiting/watch-changes.ts';

const TYPES: ReadonlySet<string> = new Set(['release', 'task']);
const RECONNECT_MS = 1000;

/** What happens to releases: the present state of each, or with -f everything from now on. */
export const events: CommandRun = async (session) => {
  const { line } = session;
  const types = line.list('type').flatMap((text) => text.split(','));
  const unknown = types.find((type) => !TYPES.has(type));
  if (unknown !== undefined) throw new UsageError(`--type takes release or task, not ${unknown}`);
  const named = line.words.length === 0 ? undefined : oneRelease(line.words);
  const namespace = line.on('all-namespaces') ? undefined : (named?.namespace ?? (await session.namespace()));
  const scope: Scope = {
    ...(namespace !== undefined && { namespace }),
    ...(named !== undefined && { release: named.name }),
    ...(types.length > 0 && { types: types.join(',') }),
  };
  if (line.on('follow')) await follow(session, scope);
  else await showPresent(session, scope);
  return EXIT.done;
};

/** Follows the stream over breaks; Ctrl-C ends it. */
async function follow(session: Session, scope: Scope): Promise<void> {
  await interruptible(session, [], async (signal) => {
    const { walm } = await session.connect();
    let lastId = '';
    let wasOpen = false;
    while (!signal.aborted) {
      try {
        for await (const event of await walm.openEvents(queryOf(scope), lastId, signal)) {
          wasOpen = true;
          lastId = event.id;
          show(session, event);
        }
        wasOpen = true;
      } catch (error) {
        const passes =
          error instanceof NotReached || (error instanceof Refusal && (error.status === 502 || error.status === 503));
        if (!passes || !wasOpen) throw error;
      }
      await session.io.pause(RECONNECT_MS, signal);
    }
  });
}

function show({ io, output }: Session, event: RawEvent): void {
  if (event.type === 'reset') {
    output.note('some events were missed; the present state follows');
    return;
  }
  if (output.format().kind === 'json') {
    output.say(event.data.replaceAll('\n', ' '));
    return;
  }
  const data = parseExact(event.data);
  const line = event.type === 'task' ? taskLine(data) : releaseLine(data, textAt(data, 'phase'), textAt(data, 'time'));
  output.say(io.out.isTerminal ? cutTo(line, io.out.size().columns) : line);
}

function releaseLine(release: unknown, phase: string, time: string): string {
  const name = `${textAt(release, 'namespace')}/${textAt(release, 'name')}`;
  return lineOf(
    time,
    'release',
    name,
    phase,
    [textAt(release, 'reason'), textAt(release, 'message')].filter(Boolean).join(': '),
  );
}

function taskLine(task: unknown): string {
  const time = textAt(task, 'finishedAt') || textAt(task, 'startedAt') || textAt(task, 'createdAt');
  const state = `${textAt(task, 'operation')} ${textAt(task, 'state')}`;
  const message = textAt(task, 'error', 'message') || textAt(task, 'progress', 'message');
  return lineOf(time, 'task', taskTarget(task), state, `${message}  ${textAt(task, 'id')}`.trim());
}

function lineOf(time: string, type: string, object: string, reason: string, message: string): string {
  const clock = time === '' ? '' : time.slice(0, 19).replace('T', ' ');
  return oneLine(`${padTo(clock, 20)}${padTo(type, 9)}${padTo(object, 28)} ${padTo(reason, 20)} ${message}`).trimEnd();
}

/** The present state of each release, and the newest tasks. */
async function showPresent(session: Session, { namespace, release, types = 'release,task' }: Scope): Promise<void> {
  const walm = await session.walm();
  const texts: string[] = [];
  if (types.includes('release')) {
    const query = { view: 'summary' };
    const { text } =
      namespace === undefined
        ? await walm.call('listReleases', { query })
        : await walm.call('listNamespaceReleases', { path: { namespace }, query });
    for (const item of listAt(parseExact(text), 'items')) {
      if (release !== undefined && textAt(item, 'name') !== release) continue;
      texts.push(releaseLine(item, releaseState(item), textAt(item, 'updated')));
    }
  }
  if (types.includes('task')) {
    const { text } = await walm.call('listTasks', { query: { namespace, release, limit: 20 } });
    for (const task of listAt(parseExact(text), 'items').toReversed()) texts.push(taskLine(task));
  }
  if (session.output.format().kind === 'json')
    throw new UsageError('-o json needs -f: one object a line as the stream has it');
  if (texts.length === 0) session.output.note('nothing happened');
  for (const text of texts) session.output.say(text);
  session.output.note('follow it: walmctl events -f');
}
