import { parseExact } from '../../contract/exact-json.ts';
import { EXIT, type ExitCode } from '../errors/exit-code.ts';
import type { Call, OperationName } from '../http/request.ts';
import { takesQuery } from '../http/request.ts';
import { at, listAt, textAt } from '../render/read-value.ts';
import { taskTarget } from '../render/object-columns.ts';
import { oneLine } from '../render/width.ts';
import { awaitedLine } from '../session/report-error.ts';
import type { Session } from '../session/session.ts';
import { typedName } from '../session/typed-name.ts';
import { farewellOf, followTask, taskFailure } from '../waiting/follow-task.ts';
import { interruptible } from '../waiting/interruptible.ts';
import { createProgress } from '../waiting/progress.ts';
import { watchChanges } from '../waiting/watch-changes.ts';
import { waitForRelease } from '../waiting/wait-release.ts';

/** A change of one release or project. */
export interface Change {
  readonly operation: OperationName;
  readonly call: Call;
  readonly namespace: string;
  readonly name: string;
  readonly isProject?: boolean;
  /** `installed`, `paused`: what the line says in the end. */
  readonly done: string;
  /** Whether the release is there afterwards, and what it waits for may be said. */
  readonly leavesRelease: boolean;
  /** Further lines of the answer. */
  readonly lines?: (task: unknown) => readonly string[];
}

/** How following a change ended. */
interface Ended {
  readonly task: unknown;
  readonly release: unknown;
  /** JSON of the task, or the body of the 202; empty if the change was done without a task. */
  readonly text: string;
  readonly isAccepted?: true;
}

/** The seconds of --timeout when a project is changed and nothing was said. */
const PROJECT_SECONDS = 600;

/** The query parameters of the change flags, as far as the operation has them. */
export function changeQuery(
  session: Session,
  operation: OperationName,
): Record<string, string | number | boolean | undefined> {
  const { line } = session;
  const wanted = {
    force: line.on('force') || undefined,
    strict: line.on('strict') || undefined,
    expectedRevision: line.number('expected-revision'),
    operationTimeoutSec: operationSeconds(session),
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => value !== undefined && takesQuery(operation, name)),
  );
}

/** With --wait the server waits, too: as long as walmctl does, unless something else is said. */
function operationSeconds({ line }: Session): number | undefined {
  const given = line.given('operation-timeout') ? line.seconds('operation-timeout') : undefined;
  if (given !== undefined) return Math.ceil(given);
  const waits = line.on('wait') || line.on('atomic');
  return waits ? Math.max(1, Math.ceil(line.seconds('timeout') ?? 300)) : undefined;
}

/**
 * Sends a change and follows its task to the end; with --wait until the release is ready.
 * @throws Refusal; CommandFailure if the task failed (8), was left (130) or takes too long (7)
 */
export async function carryOut(session: Session, change: Change): Promise<ExitCode> {
  const { io, line } = session;
  const key = line.text('idempotency-key') ?? io.uniqueId();
  const isAsync = line.on('async');
  const since = io.clock();
  const timeoutSec =
    change.isProject === true && !line.given('timeout') ? PROJECT_SECONDS : (line.seconds('timeout') ?? 300);
  const farewell: string[] = [];
  const left = await interruptible(session, farewell, async (signal): Promise<Ended> => {
    const scope = { namespace: change.namespace, ...(change.isProject !== true && { release: change.name }) };
    const changes = isAsync ? undefined : await watchChanges(session, scope, signal);
    const progress = createProgress(session);
    try {
      const { walm } = await session.connect();
      const query = { ...changeQuery(session, change.operation), ...change.call.query, async: true };
      const answer = await walm.change(change.operation, { ...change.call, query }, key);
      const accepted = answer.text === '' ? undefined : parseExact(answer.text);
      session.output.warn(listAt(accepted, 'warnings'));
      const id = textAt(accepted, 'task', 'id');
      if (id === '') return { task: undefined, release: undefined, text: answer.text };
      if (changes === undefined) return { task: undefined, release: undefined, text: answer.text, isAccepted: true };
      farewell.push(...farewellOf(id));
      const title = `${textAt(accepted, 'task', 'operation')} ${taskTarget(at(accepted, 'task'))}`;
      const release = change.isProject === true ? undefined : { namespace: change.namespace, name: change.name };
      const text = await followTask(session, { id, title, release, since, timeoutSec }, changes, progress, signal);
      const task = parseExact(text);
      session.output.warn(listAt(task, 'warnings'));
      if (textAt(task, 'state') !== 'succeeded') {
        progress.end();
        if (signal.aborted) return { task, release: undefined, text };
        throw await failureOf(session, task, text);
      }
      if (line.on('wait') && change.leavesRelease && release !== undefined) {
        farewell.splice(
          0,
          farewell.length,
          `leaving; the release carries on: walmctl wait ${typedName(session, change.namespace, change.name)}`,
        );
        const goal = { kind: 'ready' } as const;
        const awaited = { ...release, goal, since, timeoutSec, failFast: true, isNew: true };
        await waitForRelease(session, awaited, changes, progress, signal);
      }
      return { task, release: await releaseAfter(session, change), text };
    } finally {
      progress.end();
      changes?.close();
    }
  });
  return left.isAccepted === true ? printAccepted(session, left.text) : printDone(session, change, left);
}

/** With -o json a failed change prints its task, too: scripts find the error in it. */
async function failureOf(session: Session, task: unknown, text: string): Promise<Error> {
  await session.output.data(text);
  return taskFailure(task, session.line.command.name);
}

/** The release as it is now, where the answer says whether it is ready. */
async function releaseAfter(session: Session, change: Change): Promise<unknown> {
  const isTable = ['table', 'wide'].includes(session.output.format().kind);
  if (!change.leavesRelease || !isTable || session.output.quiet) return undefined;
  const { walm } = await session.connect();
  try {
    const path = { namespace: change.namespace, release: change.name };
    return parseExact((await walm.call('getRelease', { path })).text);
  } catch {
    // The change is done; that its release cannot be read now changes nothing.
    return undefined;
  }
}

async function printAccepted({ output }: Session, text: string): Promise<ExitCode> {
  if (await output.data(text)) return EXIT.done;
  const task = at(parseExact(text), 'task');
  if (output.format().kind === 'name') output.say(`task/${textAt(task, 'id')}`);
  else {
    output.say(`task/${textAt(task, 'id')} accepted: ${textAt(task, 'operation')} ${oneLine(taskTarget(task))}`);
    output.note(`follow it: walmctl wait task/${textAt(task, 'id')}`);
  }
  return EXIT.done;
}

async function printDone(session: Session, change: Change, { task, release, text }: Ended): Promise<ExitCode> {
  const { output } = session;
  if (text !== '' && (await output.data(text))) return EXIT.done;
  const type = change.isProject === true ? 'project' : 'release';
  const object = `${type} ${change.namespace}/${change.name}`;
  if (output.format().kind === 'name') {
    output.say(`${type}/${change.namespace}/${change.name}`);
    return EXIT.done;
  }
  const revision = at(task, 'revision');
  const isNumbered = typeof revision === 'number' && revision > 0 && change.leavesRelease;
  output.say(`${object} ${change.done}${isNumbered ? ` (revision ${revision})` : ''}`);
  for (const line of change.lines?.(task) ?? []) output.say(line);
  if (release !== undefined && at(release, 'ready') !== true && at(release, 'paused') !== true) {
    for (const one of listAt(release, 'waitingFor').slice(0, 5)) output.note(`  waits for ${awaitedLine(one)}`);
    output.note(`  not ready yet: walmctl wait ${typedName(session, change.namespace, change.name)}`);
  }
  return EXIT.done;
}
