import { parseExact } from '../../contract/exact-json.ts';
import { EXIT } from '../errors/exit-code.ts';
import { CommandFailure, Refusal } from '../errors/failures.ts';
import { remedyLines } from '../errors/remedies.ts';
import { shortSpan } from '../render/age.ts';
import { at, textAt } from '../render/read-value.ts';
import { severalLines } from '../render/width.ts';
import { detailLines, withoutPrefix } from '../session/report-error.ts';
import type { Session } from '../session/session.ts';
import { askPatiently } from './ask-patiently.ts';
import type { Changes } from './watch-changes.ts';
import type { Progress } from './progress.ts';

/** A task that is followed. */
export interface FollowedTask {
  readonly id: string;
  readonly title: string;
  /** The release that the task changes; undefined if it changes a project. */
  readonly release: { readonly namespace: string; readonly name: string } | undefined;
  /** `clock()` when the run began to wait, and the seconds that it waits at most. */
  readonly since: number;
  readonly timeoutSec: number;
}

/** How to come back to a task. */
export function farewellOf(id: string): string[] {
  return [`the task carries on: walmctl wait task/${id} · walmctl cancel ${id}`];
}

const FINAL: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/**
 * Follows a task to its end and returns it as JSON text, whatever it ended as.
 * @throws CommandFailure with exit code 7 after the timeout; Refusal
 */
export async function followTask(
  session: Session,
  task: FollowedTask,
  changes: Changes,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const { walm } = await session.connect();
  let text = '';
  for (;;) {
    const seconds = (session.io.clock() - task.since) / 1000;
    const asked = await askPatiently(async () => (await walm.call('getTask', { path: { task: task.id } })).text);
    const problem = 'problem' in asked ? asked.problem : '';
    if ('value' in asked) text = asked.value;
    const present = text === '' ? undefined : parseExact(text);
    if (problem === '' && FINAL.has(textAt(present, 'state'))) return text;
    const isWaiting = textAt(present, 'progress', 'phase') === 'wait';
    const release = isWaiting && problem === '' ? await readRelease(session, task.release) : undefined;
    progress.show({ title: task.title, task: present, release, seconds, problem });
    if (signal.aborted) return text;
    if (seconds > task.timeoutSec) {
      throw new CommandFailure(
        EXIT.waitedEnough,
        `${task.title} still runs after ${shortSpan(task.timeoutSec)}`,
        farewellOf(task.id),
      );
    }
    await changes.next();
    if (signal.aborted) return text;
  }
}

/** A release while it is waited for: undefined if it cannot be read now. */
async function readRelease(session: Session, release: FollowedTask['release']): Promise<unknown> {
  if (release === undefined) return undefined;
  const { walm } = await session.connect();
  try {
    const path = { namespace: release.namespace, release: release.name };
    return parseExact((await walm.call('getRelease', { path })).text);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    const asked = await askPatiently(() => Promise.reject(error));
    return 'problem' in asked ? undefined : asked.value;
  }
}

/** What a task that did not succeed says. */
export function taskFailure(task: unknown, command: string): CommandFailure {
  const title = `${textAt(task, 'operation')} of ${textAt(task, 'namespace')}/${textAt(task, 'release') || textAt(task, 'project')}`;
  const code = textAt(task, 'error', 'code');
  const message = withoutPrefix(textAt(task, 'error', 'message'));
  const what = textAt(task, 'state') === 'cancelled' ? 'was cancelled' : 'failed';
  const details = at(task, 'error', 'details');
  const hints = [
    ...detailLines(details).map((line) => line.trim()),
    ...remedyLines(code, { command, name: textAt(task, 'release') || 'NAME' }),
    `task ${textAt(task, 'id')}, request ${textAt(task, 'requestId')}`,
  ];
  const reason = message === '' ? '' : `: ${severalLines(message)}`;
  // What is not there is not found, whether the request says so or the task.
  const exitCode = ['RELEASE_NOT_FOUND', 'PROJECT_NOT_FOUND'].includes(code) ? EXIT.notFound : EXIT.failed;
  return new CommandFailure(exitCode, `${title} ${what}${reason.trimEnd()}${code === '' ? '' : ` (${code})`}`, hints);
}
