import { NotReached, Refusal } from '../errors/failures.ts';
import { textAt } from '../render/read-value.ts';
import type { Session } from '../session/session.ts';
import { interruptible } from '../waiting/interruptible.ts';
import { createLogCursor } from '../waiting/log-cursor.ts';
import { watchChanges } from '../waiting/watch-changes.ts';
import { checkNumber, type LogRequest } from './log-request.ts';
import { hasEnded, logSources, type LogSource } from './log-sources.ts';

const RETRY_MS = 1000;

/**
 * Follows the logs of all chosen containers, new pods as they come, over breaks without a line twice. It ends when no
 * container will write any more, or at Ctrl-C. `mayCome`: pods may come for as long as the release is there.
 */
export async function followLogs(session: Session, mayCome: boolean, request: LogRequest): Promise<void> {
  await interruptible(session, [], async (signal) => {
    const failed = new AbortController();
    const both = AbortSignal.any([signal, failed.signal]);
    const state = createFollowing(session, request, both);
    const [first] = await request.pods();
    const namespace = first === undefined ? await session.namespace() : textAt(first, 'namespace');
    const changes = await watchChanges(session, { namespace }, both);
    try {
      for (;;) {
        const pods = await state.join();
        const isOver = pods.length > 0 && pods.every(hasEnded);
        if (isOver || (pods.length === 0 && !mayCome)) {
          await state.finish();
          return;
        }
        await Promise.race([changes.next(), state.broken]);
        if (signal.aborted) return;
      }
    } finally {
      failed.abort();
      changes.close();
    }
  });
}

interface Following {
  /** Begins with the containers that are new; returns the pods as they are. */
  join(): Promise<readonly unknown[]>;
  /** Resolves when every log was read to its end. */
  finish(): Promise<void>;
  /** Rejects when a log cannot be read at all. */
  readonly broken: Promise<never>;
}

function createFollowing(session: Session, request: LogRequest, signal: AbortSignal): Following {
  const followed = new Map<string, Promise<void>>();
  let pods: readonly unknown[] = [];
  let fail: (cause: unknown) => void = () => undefined;
  const broken = new Promise<never>((_resolve, reject) => (fail = reject));
  // Whoever races with it is told; at the end nobody may be listening any more.
  broken.catch(() => undefined);
  let isFirst = true;

  const podOf = ({ pod, key }: LogSource): unknown =>
    pods.find((one) => textAt(one, 'name') === pod && key.startsWith(`${pod}/${textAt(one, 'createdAt')}/`));

  async function follow(source: LogSource, from: LogRequest['from']): Promise<void> {
    const cursor = createLogCursor();
    const print = (line: string): void => {
      const text = request.timestamps ? line : line.slice(line.indexOf(' ') + 1);
      request.print(source, text, followed.size > 1);
    };
    let said = '';
    while (!signal.aborted) {
      cursor.begin();
      const since = cursor.since();
      try {
        await read(session, source, since === undefined ? from : { sinceTime: since }, signal, (piece) =>
          cursor.read(piece).forEach(print),
        );
        said = '';
      } catch (cause) {
        if (signal.aborted) return;
        const isOver = cause instanceof Refusal && cause.status === 404;
        if (isOver) break;
        if (!passes(cause)) throw cause;
        const message = cause instanceof Error ? cause.message : '';
        if (message !== said) session.output.note(`${source.pod}[${source.container}]: ${message}; tried again`);
        said = message;
      }
      const pod = podOf(source);
      if (pod === undefined || hasEnded(pod)) break;
      await session.io.pause(RETRY_MS, signal);
    }
    cursor.rest().forEach(print);
  }

  return {
    broken,
    async join() {
      pods = await podsOrNone(request);
      const sources = logSources(pods, request.choice);
      checkNumber(sources, request.maxPods);
      const fresh = sources.filter(({ key }) => !followed.has(key));
      for (const source of fresh) {
        // What comes later is followed from its start.
        const running = follow(source, isFirst ? request.from : {}).catch((cause: unknown) => {
          fail(cause);
        });
        followed.set(source.key, running);
      }
      if (pods.length > 0) isFirst = false;
      return pods;
    },
    async finish() {
      await Promise.race([Promise.all(followed.values()), broken]);
    },
  };
}

/** The pods that are meant; none if the one that was named is gone. */
async function podsOrNone(request: LogRequest): Promise<readonly unknown[]> {
  try {
    return await request.pods();
  } catch (cause) {
    if (cause instanceof Refusal && cause.problem?.code === 'POD_NOT_FOUND') return [];
    throw cause;
  }
}

async function read(
  session: Session,
  { namespace, pod, container }: LogSource,
  from: LogRequest['from'],
  signal: AbortSignal,
  take: (piece: string) => void,
): Promise<void> {
  const walm = await session.walm();
  const query = { ...from, container, follow: 'true', timestamps: 'true' };
  const answer = await walm.open('getPodLogs', { path: { namespace, pod }, query }, signal);
  try {
    for await (const piece of answer.pieces) take(piece);
  } catch (cause) {
    if (!signal.aborted) throw new NotReached('the server', `the log was cut off: ${String(cause)}`, undefined);
  } finally {
    answer.close();
  }
}

/** Whether a log may be there later: the container waits, or the node or the server cannot be reached at present. */
function passes(cause: unknown): boolean {
  if (cause instanceof NotReached) return true;
  if (!(cause instanceof Refusal)) return false;
  return cause.problem?.code === 'CONTAINER_WAITING' || cause.status === 502 || cause.status === 503;
}
