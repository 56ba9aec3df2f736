import { parseExact } from '../../contract/exact-json.ts';
import { EXIT } from '../errors/exit-code.ts';
import { CommandFailure, Refusal } from '../errors/failures.ts';
import { shortSpan } from '../render/age.ts';
import { at, listAt, numberAt, textAt } from '../render/read-value.ts';
import { awaitedLine } from '../session/report-error.ts';
import type { Session } from '../session/session.ts';
import { askPatiently } from './ask-patiently.ts';
import type { Changes } from './watch-changes.ts';
import type { Progress } from './progress.ts';

/** What is waited for. */
export type Goal =
  | { readonly kind: 'ready' | 'deleted' | 'paused' }
  | { readonly kind: 'revision'; readonly revision: number };

/** A release that is waited for. */
export interface Awaited {
  readonly namespace: string;
  readonly name: string;
  readonly goal: Goal;
  readonly since: number;
  readonly timeoutSec: number;
  readonly failFast: boolean;
  /** Whether a 404 may mean that a replica does not know the release yet. */
  readonly isNew: boolean;
}

/** A replica may not know a new release for some seconds. */
const UNSEEN_SECONDS = 5;

/**
 * Waits for a release and returns it as JSON text; empty if it was waited for to be deleted.
 * @throws CommandFailure: 8 if it cannot become ready, 7 after the timeout; Refusal if it is not there
 */
export async function waitForRelease(
  session: Session,
  awaited: Awaited,
  changes: Changes,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const { walm } = await session.connect();
  const path = { namespace: awaited.namespace, release: awaited.name };
  let text = '';
  let release: unknown;
  for (;;) {
    const seconds = (session.io.clock() - awaited.since) / 1000;
    const asked = await askPatiently(async () => readOr404(async () => (await walm.call('getRelease', { path })).text));
    const problem = 'problem' in asked ? asked.problem : '';
    if ('value' in asked) {
      const answer = asked.value;
      if (answer instanceof Refusal) {
        if (awaited.goal.kind === 'deleted') return '';
        if (!awaited.isNew || seconds > UNSEEN_SECONDS) throw answer;
      } else {
        text = answer;
        release = parseExact(answer);
        if (isReached(release, awaited.goal)) return text;
        if (awaited.failFast) refuseHopeless(release, awaited);
      }
    }
    progress.show({ title: `wait ${awaited.namespace}/${awaited.name}`, task: undefined, release, seconds, problem });
    if (seconds > awaited.timeoutSec) throw waitedEnough(release, awaited);
    if (signal.aborted) return text;
    await changes.next();
    if (signal.aborted) return text;
  }
}

async function readOr404(ask: () => Promise<string>): Promise<string | Refusal> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return error;
    throw error;
  }
}

/** Whether a release is what it is waited for to become. Ready means: in its newest revision, and nothing is going on. */
function isReached(release: unknown, goal: Goal): boolean {
  const isChanging = ['queued', 'running'].includes(textAt(release, 'task', 'state'));
  switch (goal.kind) {
    case 'ready':
      return at(release, 'ready') === true && !isChanging;
    case 'paused':
      return at(release, 'paused') === true && !isChanging;
    case 'revision':
      return numberAt(release, 'version') >= goal.revision;
    case 'deleted':
      return false;
    default:
      return goal satisfies never;
  }
}

function refuseHopeless(release: unknown, { namespace, name, goal }: Awaited): void {
  if (goal.kind !== 'ready' || ['queued', 'running'].includes(textAt(release, 'task', 'state'))) return;
  const held = textAt(release, 'held', 'reason');
  const isFailed = textAt(release, 'phase') === 'failed' || textAt(release, 'status') === 'failed';
  const isPaused = at(release, 'paused') === true;
  if (held === '' && !isFailed && !isPaused) return;
  const why = isPaused
    ? 'it is paused'
    : held || textAt(release, 'lastFailure', 'message') || textAt(release, 'message');
  throw new CommandFailure(EXIT.failed, `${namespace}/${name} will not become ready: ${why}`, [
    isPaused ? `start it: walmctl recover ${name} --wait` : `what it waits for: walmctl status ${name}`,
  ]);
}

function waitedEnough(release: unknown, { namespace, name, goal, timeoutSec }: Awaited): CommandFailure {
  const missing = listAt(release, 'waitingFor')
    .slice(0, 20)
    .map((one) => `waits for ${awaitedLine(one)}`);
  const what = goal.kind === 'revision' ? `at revision ${goal.revision}` : goal.kind;
  return new CommandFailure(EXIT.waitedEnough, `${namespace}/${name} is not ${what} after ${shortSpan(timeoutSec)}`, [
    ...missing,
    `wait longer: walmctl wait ${name} --timeout 30m`,
  ]);
}
