import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import type { RawEvent } from '../../contract/event-reader.ts';
import { oneRelease } from '../arguments/targets.ts';
import { EXIT } from '../errors/exit-code.ts';
import { NotReached, Refusal, UsageError } from '../errors/failures.ts';
import { listAt, textAt } from '../render/read-value.ts';
import { cutTo } from '../render/width.ts';
import type { CommandRun } from '../session/command-run.ts';
import type { Session } from '../session/session.ts';
import { interruptible } from '../waiting/interruptible.ts';
import { queryOf, type Scope } from '../waiting/watch-changes.ts';
import {
  happeningLine,
  kubeEventKey,
  kubeHappening,
  releaseHappening,
  taskHappening,
  type Happening,
} from './event-lines.ts';
import { readKubeEvents } from './kube-events.ts';

type EventType = Happening['type'];

const TYPES: readonly string[] = ['release', 'task', 'kube'] satisfies EventType[];
const RECONNECT_MS = 1000;
/** The API has no stream of Kubernetes' events. */
const KUBE_POLL_MS = 2000;
const NEWEST_TASKS = 20;

interface Wanted {
  readonly scope: Scope;
  readonly types: ReadonlySet<string>;
  /** Milliseconds since 1970: what is older is left out. */
  readonly from: number | undefined;
}

/** What happens to releases: what is known now, or with -f everything from now on. */
export const events: CommandRun = async (session) => {
  const { line } = session;
  const given = line.list('type').flatMap((text) => text.split(','));
  const unknown = given.find((type) => !TYPES.includes(type));
  if (unknown !== undefined) throw new UsageError(`--type takes release, task or kube, not ${unknown}`);
  const named = line.words.length === 0 ? undefined : oneRelease(line.words);
  const namespace = line.on('all-namespaces') ? undefined : (named?.namespace ?? (await session.namespace()));
  const byDefault = named === undefined ? ['release', 'task'] : TYPES;
  const seconds = line.seconds('since');
  const wanted: Wanted = {
    scope: {
      ...(namespace !== undefined && { namespace }),
      ...(named !== undefined && { release: named.name }),
    },
    types: new Set(given.length > 0 ? given : byDefault),
    from: seconds === undefined ? undefined : session.io.now() - seconds * 1000,
  };
  if (line.on('follow') || line.on('watch')) await follow(session, wanted);
  else await showPresent(session, wanted);
  return EXIT.done;
};

/** Follows the stream over breaks, and Kubernetes' events beside it; Ctrl-C ends it. */
async function follow(session: Session, wanted: Wanted): Promise<void> {
  const streamed = [...wanted.types].filter((type) => type !== 'kube');
  await interruptible(session, [], async (signal) => {
    // Where one of the two is refused, the other ends, too.
    const ending = new AbortController();
    const both = AbortSignal.any([signal, ending.signal]);
    const parts = [
      ...(streamed.length > 0 ? [followStream(session, { ...wanted.scope, types: streamed.join(',') }, both)] : []),
      ...(wanted.types.has('kube') ? [followKube(session, wanted, both)] : []),
    ];
    try {
      await Promise.all(parts);
    } finally {
      ending.abort();
    }
  });
}

async function followStream(session: Session, scope: Scope, signal: AbortSignal): Promise<void> {
  const { walm } = await session.connect();
  let lastId = '';
  let wasOpen = false;
  while (!signal.aborted) {
    try {
      for await (const event of await walm.openEvents(queryOf(scope), lastId, signal)) {
        wasOpen = true;
        lastId = event.id;
        showStreamed(session, event);
      }
      wasOpen = true;
    } catch (error) {
      if (signal.aborted) return;
      if (!mayPass(error) || !wasOpen) throw error;
    }
    await session.io.pause(RECONNECT_MS, signal);
  }
}

/** Shows each event of Kubernetes once. Those that were there before are shown with --since only. */
async function followKube(session: Session, { scope, from }: Wanted, signal: AbortSignal): Promise<void> {
  let seen: ReadonlySet<string> | undefined;
  while (!signal.aborted) {
    try {
      const found = await readKubeEvents(session, scope);
      for (const event of found) {
        const isNew = seen === undefined ? from !== undefined && isSince(kubeHappening(event), from) : true;
        if (isNew && seen?.has(kubeEventKey(event)) !== true) show(session, event, kubeHappening(event));
      }
      // What the cluster has forgotten is forgotten here, too.
      seen = new Set(found.map(kubeEventKey));
    } catch (error) {
      if (seen === undefined || !mayPass(error)) throw error;
    }
    await session.io.pause(KUBE_POLL_MS, signal);
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof NotReached || (error instanceof Refusal && (error.status === 502 || error.status === 503));
}

function showStreamed(session: Session, event: RawEvent): void {
  const { output } = session;
  if (event.type === 'reset') {
    output.note('some events were missed; the present state follows');
    return;
  }
  if (output.format().kind === 'json') {
    output.say(event.data.replaceAll('\n', ' '));
    return;
  }
  const data = parseExact(event.data);
  show(session, data, event.type === 'task' ? taskHappening(data) : releaseHappening(data));
}

function show({ io, output }: Session, data: unknown, happening: Happening): void {
  if (output.format().kind === 'json') {
    output.say(stringifyExact(data) ?? '');
    return;
  }
  const line = happeningLine(happening);
  output.say(io.out.isTerminal ? cutTo(line, io.out.size().columns) : line);
}

function isSince({ time }: Happening, from: number): boolean {
  return time === '' || !(Date.parse(time) < from);
}

/** What is known now, the newest last: the state of each release, the newest tasks, and Kubernetes' events. */
async function showPresent(session: Session, { scope, types, from }: Wanted): Promise<void> {
  const found: (readonly [unknown, Happening])[] = [];
  if (types.has('release')) {
    for (const item of await releasesIn(session, scope)) found.push([item, releaseHappening(item)]);
  }
  if (types.has('task')) {
    const { namespace, release } = scope;
    const walm = await session.walm();
    const { text } = await walm.call('listTasks', { query: { namespace, release, limit: NEWEST_TASKS } });
    for (const task of listAt(parseExact(text), 'items')) found.push([task, taskHappening(task)]);
  }
  if (types.has('kube')) {
    for (const event of await readKubeEvents(session, scope)) found.push([event, kubeHappening(event)]);
  }
  const shown = found
    .filter(([, happening]) => from === undefined || isSince(happening, from))
    .toSorted(([, left], [, right]) => (left.time < right.time ? -1 : left.time > right.time ? 1 : 0));
  if (shown.length === 0) session.output.note('nothing happened');
  for (const [data, happening] of shown) show(session, data, happening);
  session.output.note('follow it: walmctl events -f');
}

async function releasesIn(session: Session, { namespace, release }: Scope): Promise<readonly unknown[]> {
  const walm = await session.walm();
  const query = { view: 'summary' };
  const { text } =
    namespace === undefined
      ? await walm.call('listReleases', { query })
      : await walm.call('listNamespaceReleases', { path: { namespace }, query });
  const items = listAt(parseExact(text), 'items');
  return release === undefined ? items : items.filter((item) => textAt(item, 'name') === release);
}
