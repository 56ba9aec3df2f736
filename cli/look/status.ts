import { parseExact } from '../../contract/exact-json.ts';
import { oneRelease } from '../arguments/targets.ts';
import { EXIT, type ExitCode } from '../errors/exit-code.ts';
import { ageOf } from '../render/age.ts';
import { chartOf, readyPods, releaseState, taskTarget } from '../render/object-columns.ts';
import { at, listAt, numberAt, textAt } from '../render/read-value.ts';
import { oneLine } from '../render/width.ts';
import type { CommandRun } from '../session/command-run.ts';
import { awaitedLine } from '../session/report-error.ts';
import type { Session } from '../session/session.ts';
import { typedName } from '../session/typed-name.ts';
import { followEvents } from '../waiting/follow-events.ts';

/** How a release is doing, what it waits for, its dependencies and its newest task. */
export const status: CommandRun = async (session) => {
  const named = oneRelease(session.line.words);
  const namespace = named.namespace ?? (await session.namespace());
  const look = () => show(session, namespace, named.name);
  let code = await look();
  if (!session.line.on('watch')) return code;
  await followEvents(session, { namespace, release: named.name }, async () => {
    session.output.say('');
    code = await look();
    return false;
  });
  return code;
};

async function show(session: Session, namespace: string, name: string): Promise<ExitCode> {
  const walm = await session.walm();
  const { text } = await walm.call('getRelease', { path: { namespace, release: name } });
  const release = parseExact(text);
  const code = session.line.on('check') && at(release, 'ready') !== true ? EXIT.answer : EXIT.done;
  if (session.output.quiet && session.line.on('check')) return code;
  if (!(await session.output.data(text))) for (const line of statusLines(release, session)) session.output.say(line);
  return code;
}

function statusLines(release: unknown, session: Session): string[] {
  const { io } = session;
  const { paint } = session.output;
  const name = `${textAt(release, 'namespace')}/${textAt(release, 'name')}`;
  const state = releaseState(release);
  const age = ageOf(at(release, 'updated'), io.now());
  const isReady = at(release, 'ready') === true;
  const painted = isReady ? paint.good(state) : state === 'failed' ? paint.bad(state) : paint.busy(state);
  const facts = [
    `revision ${numberAt(release, 'version')}`,
    ...(at(release, 'pods') === undefined ? [] : [`${readyPods(release)} pods ready`]),
    chartOf(release),
    ...(age === '' ? [] : [`changed ${age} ago`]),
  ];
  return [
    `${paint.bold(name)}  ${painted}  ${facts.join(', ')}`,
    ...factLines(release),
    ...waitingLines(release),
    ...dependencyLines(release),
    ...taskLines(release),
    ...hintLines(typedName(session, textAt(release, 'namespace'), textAt(release, 'name')), state),
  ];
}

function factLines(release: unknown): string[] {
  const outside = textAt(release, 'outside', 'reason');
  const failure = textAt(release, 'lastFailure', 'message');
  const held = textAt(release, 'held', 'reason');
  const project = textAt(release, 'project');
  return [
    ...(project === '' ? [] : [`project: ${oneLine(project)}`]),
    ...(outside === '' ? [] : [`changed outside Walm: ${oneLine(outside)}`]),
    ...(failure === '' ? [] : [`last change failed: ${oneLine(failure)} (${textAt(release, 'lastFailure', 'code')})`]),
    ...(held === '' ? [] : [`rollout held: ${oneLine(held)}`]),
    ...listAt(release, 'notAllowed').map(
      (one) => `automatic change not allowed: ${textAt(one, 'what')}: ${oneLine(textAt(one, 'reason'))}`,
    ),
    ...(at(release, 'stale') === true ? ['the server does not see the cluster completely now'] : []),
  ];
}

function waitingLines(release: unknown): string[] {
  const awaited = listAt(release, 'waitingFor');
  if (awaited.length > 0) return ['waits for', ...awaited.map((one) => `  ${awaitedLine(one)}`)];
  const message = textAt(release, 'message');
  return message === '' ? [] : [oneLine(message)];
}

function dependencyLines(release: unknown): string[] {
  const dependencies = listAt(release, 'dependencyStatus');
  if (dependencies.length === 0) return [];
  const lines = dependencies.map((one) => {
    const error = textAt(one, 'error');
    return `  ${oneLine(`${textAt(one, 'key')} from ${textAt(one, 'provider')}: ${textAt(one, 'state')}`)}${error === '' ? '' : `: ${oneLine(error)}`}`;
  });
  return ['dependencies', ...lines];
}

function taskLines(release: unknown): string[] {
  const task = at(release, 'task');
  if (task === undefined) return [];
  const error = textAt(task, 'error', 'code');
  const what = `${textAt(task, 'operation')} of ${taskTarget(task)}: ${textAt(task, 'state')}${error === '' ? '' : ` (${error})`}`;
  return [`task ${textAt(task, 'id')}: ${oneLine(what)}`];
}

/** What is done next. */
function hintLines(name: string, state: string): string[] {
  switch (state) {
    case 'paused':
      return [`start it: walmctl recover ${name}`];
    case 'outside':
    case 'foreign':
      return [`take it over: walmctl adopt ${name}`];
    case 'changing':
      return [`follow it: walmctl wait ${name}`];
    case 'progressing':
      return [`down to containers: walmctl tree ${name} · events: walmctl events ${name}`];
    case 'failed':
      return [
        `go back: walmctl rollback ${name} · what changed: walmctl diff ${name}`,
        `down to containers: walmctl tree ${name} · events: walmctl events ${name}`,
      ];
    default:
      return [];
  }
}
