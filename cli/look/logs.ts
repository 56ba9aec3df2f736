import { readNames, type Named } from '../arguments/targets.ts';
import { EXIT, worst } from '../errors/exit-code.ts';
import { CommandFailure, UsageError } from '../errors/failures.ts';
import { listAt } from '../render/read-value.ts';
import { logLine } from '../render/width.ts';
import type { CommandRun } from '../session/command-run.ts';
import { eachOf } from '../session/each-of.ts';
import type { Session } from '../session/session.ts';
import { followLogs } from './follow-logs.ts';
import { checkNumber, type LogRequest } from './log-request.ts';
import { logSources } from './log-sources.ts';

const DEFAULT_TAIL = 200;

/** The logs of all pods of a release, or of one pod; with -f from now on, too. */
export const logs: CommandRun = async (session) => {
  const { line } = session;
  const names = readNames(line.words, ['release', 'pod']);
  const [named] = names;
  if (named === undefined || names.length > 1) throw new UsageError('logs takes the name of one release, or pod/NAME');
  const request = await readRequest(session, named);
  if (line.on('follow')) {
    await followLogs(session, named.type === 'release', request);
    return EXIT.done;
  }
  return showLogs(session, named, request);
};

async function readRequest(session: Session, named: Named): Promise<LogRequest> {
  const { line } = session;
  const previous = line.on('previous');
  if (previous && line.on('follow')) throw new UsageError('--previous is over: it cannot be followed');
  if (line.given('output')) throw new UsageError('logs are text: -o does not hold for them');
  const namespace = named.namespace ?? (await session.namespace());
  const sinceSec = line.seconds('since');
  return {
    choice: {
      pods: line.list('pod'),
      container: line.text('container'),
      allContainers: line.on('all-containers'),
      previous,
    },
    from: {
      tail: readTail(line.text('tail')),
      ...(sinceSec !== undefined && { sinceSec: Math.max(1, Math.ceil(sinceSec)) }),
    },
    timestamps: line.on('timestamps'),
    maxPods: line.number('max-pods') ?? 20,
    pods: () => podsOf(session, named, namespace),
    print: createPrint(session),
  };
}

/** Lines from the end; undefined: all. @throws UsageError */
function readTail(text: string | undefined): number | undefined {
  if (text === undefined) return DEFAULT_TAIL;
  if (text === '-1' || text === 'all') return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--tail takes a number of lines, or -1 for all, not ${text}`);
  return Number(text);
}

async function podsOf(session: Session, { type, name }: Named, namespace: string): Promise<readonly unknown[]> {
  const walm = await session.walm();
  if (type === 'pod') {
    const pod: unknown = JSON.parse((await walm.call('getPod', { path: { namespace, pod: name } })).text);
    return [pod];
  }
  const { text } = await walm.call('listPods', { path: { namespace }, query: { release: name } });
  const pods = listAt(JSON.parse(text), 'items');
  // Whether it has no pods or is not there at all.
  if (pods.length === 0) await walm.call('getRelease', { path: { namespace, release: name } });
  return pods;
}

/** Prints lines that --grep lets through, each behind the container that it is of, where there are several. */
function createPrint(session: Session): LogRequest['print'] {
  const { io, line, output } = session;
  const wanted = line.text('grep');
  const pattern = wanted === undefined ? undefined : readPattern(wanted);
  const pods: string[] = [];
  return (source, text, isMarked) => {
    if (pattern !== undefined && !pattern.test(text)) return;
    const shown = io.out.isTerminal ? logLine(text) : text;
    if (!isMarked) return output.say(shown);
    if (!pods.includes(source.pod)) pods.push(source.pod);
    const mark = output.paint.numbered(pods.indexOf(source.pod), `${source.pod}[${source.container}]`);
    output.say(`${mark} ${shown}`);
  };
}

function readPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new UsageError(`--grep takes a regular expression, and ${text} is none`);
  }
}

/** One container after the other. */
async function showLogs(session: Session, named: Named, request: LogRequest) {
  const pods = await request.pods();
  if (pods.length === 0) {
    session.output.note(`release ${named.name} has no pods`);
    return EXIT.done;
  }
  const sources = logSources(pods, request.choice);
  if (sources.length === 0) throw nothingChosen(named, pods, request);
  checkNumber(sources, request.maxPods);
  const walm = await session.walm();
  const codes = await eachOf(session, sources, async (source) => {
    const { namespace, pod, container } = source;
    const { timestamps, from, choice } = request;
    const query = { ...from, container, timestamps: `${timestamps}`, previous: `${choice.previous}` };
    const { text } = await walm.call('getPodLogs', { path: { namespace, pod }, query });
    const lines = String(JSON.parse(text)).split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const each of lines) request.print(source, each, sources.length > 1);
  });
  return worst(codes);
}

function nothingChosen({ name }: Named, pods: readonly unknown[], { choice }: LogRequest): CommandFailure {
  if (choice.previous && logSources(pods, { ...choice, previous: false }).length > 0) {
    return new CommandFailure(EXIT.notFound, `no container of ${name} was restarted: there is no former log`);
  }
  const there = logSources(pods, { pods: [], container: undefined, allContainers: true, previous: false });
  return new CommandFailure(EXIT.notFound, `${name} has no such container`, [
    `it has: ${there.map(({ pod, container }) => `${pod}[${container}]`).join(', ')}`,
  ]);
}
