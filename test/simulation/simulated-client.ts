import type { TaskInfo } from '../../contract/schemas/task.ts';
import type { SimulatedAnswer, SimulatedRequest } from './simulated-api.ts';
import type { SimulatedServer } from './simulated-server.ts';
import type { SimulatedWorld } from './world/simulated-world.ts';

/** What became of a change: a task that has ended, or the refusal of everything that could be known to be wrong. */
export type Outcome = { task: TaskInfo } | { refused: string };

/** Sends changes as a careful client does, and remembers which were accepted. */
export interface SimulatedClient {
  /**
   * Throws when neither an answer nor an end is seen in minutes. `cancelAfterMs`: the task is cancelled so long after it was
   * accepted.
   */
  change(request: SimulatedRequest, cancelAfterMs?: number): Promise<Outcome>;
  /** What a replica answers; null when nothing comes back. */
  ask(server: SimulatedServer, request: SimulatedRequest): Promise<SimulatedAnswer | null>;
  /** Ids of all tasks that were accepted, with what was asked for. */
  accepted: ReadonlyMap<string, string>;
}

/** Who hears of what a client sees. */
export interface ClientListeners {
  /** Told of answers that nobody should get. */
  onDefect: (text: string) => void;
  /** Told of each task of which an answer says that it is cancelled. */
  onCancelled: (task: string) => void;
}

const ANSWER_MS = 20_000;
const PATIENCE_MS = 240_000;
const PAUSE_MS = 250;

/**
 * The same request with the same key again, at another replica, after a broken connection, silence or a 503; a task that
 * was accepted is followed to its end.
 */
export function createSimulatedClient(
  world: SimulatedWorld,
  servers: readonly SimulatedServer[],
  { onDefect, onCancelled }: ClientListeners,
): SimulatedClient {
  const { time, random, trace, sleep } = world;
  const accepted = new Map<string, string>();
  let keys = 0;
  const onTheWay = () => random.between(1, 15);

  function ask(server: SimulatedServer, request: SimulatedRequest): Promise<SimulatedAnswer | null> {
    const answer = Promise.withResolvers<SimulatedAnswer | null>();
    const lost = () => answer.resolve(null);
    time.after(onTheWay(), () => {
      const running = server.running();
      if (running === null) return lost();
      const { process, api } = running;
      const hangUp = new AbortController();
      const giveUp = time.after(ANSWER_MS, () => {
        process.wake(() => hangUp.abort(new Error('the client has gone')));
        lost();
      });
      process.onKilled(lost);
      process.wake(() => {
        api(request, hangUp.signal).then(
          (given) => {
            if (!process.isAlive()) return;
            giveUp();
            const isLost = random.next() < world.weather().lost;
            time.after(onTheWay(), () => answer.resolve(isLost ? null : given));
          },
          (error: unknown) => {
            const isLate = !process.isAlive() || hangUp.signal.aborted;
            if (!isLate)
              onDefect(`${request.id} at ${server.name}: ${error instanceof Error ? error.stack : String(error)}`);
            lost();
          },
        );
      });
      return undefined;
    });
    return answer.promise;
  }

  async function untilFinished(id: string, about: string, deadline: number): Promise<TaskInfo> {
    let last = 'no answer';
    while (time.now() < deadline) {
      const answer = await ask(random.pick(servers), { id: 'getTask', path: { task: id } });
      if (answer?.status === 200) {
        const task = answer.body as TaskInfo;
        if (task.finishedAt !== undefined) return task;
        last = `it is ${task.state}, attempt ${task.attempt}`;
      }
      await sleep(PAUSE_MS);
    }
    throw new Error(`task ${id} (${about}) does not come to an end: ${last}`);
  }

  /** Again until it is known whether it was; what it answers holds. */
  async function cancel(id: string, about: string, deadline: number): Promise<void> {
    while (time.now() < deadline) {
      const answer = await ask(random.pick(servers), { id: 'cancelTask', path: { task: id } });
      if (answer?.status === 200) {
        const { state } = answer.body as TaskInfo;
        trace.note(`client cancelled: ${about} as task ${id} ${state}`);
        if (state !== 'cancelled') onDefect(`task ${id} (${about}) was cancelled, and is ${state}`);
        onCancelled(id);
        return;
      }
      if (answer?.code === 'TASK_FINISHED') return;
      await sleep(PAUSE_MS);
    }
    throw new Error(`task ${id} (${about}) cannot be cancelled`);
  }

  return {
    accepted,
    ask,
    async change(given, cancelAfterMs) {
      const request = { ...given, key: `key-${(keys += 1)}` };
      const about = `${given.id} ${Object.values(given.path).join('/')} ${request.key}`;
      const deadline = time.now() + PATIENCE_MS;
      let last = 'no answer';
      trace.note(`client asks: ${about}`);
      while (time.now() < deadline) {
        const answer = await ask(random.pick(servers), request);
        if (answer?.task !== undefined) {
          accepted.set(answer.task, about);
          if (cancelAfterMs !== undefined) {
            await sleep(cancelAfterMs);
            await cancel(answer.task, about, deadline);
          }
          const task = await untilFinished(answer.task, about, deadline);
          trace.note(`client sees: ${about} as task ${task.id} ${task.state} ${task.error?.code ?? ''}`);
          return { task };
        }
        if (answer !== null && answer.status !== 503) {
          trace.note(`client sees: ${about} ${answer.status} ${answer.code}`);
          return { refused: `${answer.code} ${String(answer.body)}` };
        }
        last = answer === null ? 'no answer' : String(answer.body);
        await sleep(PAUSE_MS);
      }
      throw new Error(`${about} is not answered: ${last}`);
    },
  };
}
