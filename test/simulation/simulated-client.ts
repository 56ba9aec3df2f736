import type { TaskInfo } from '../../contract/schemas/task.ts';
import type { SimulatedAnswer, SimulatedRequest } from './simulated-api.ts';
import type { SimulatedServer } from './simulated-server.ts';
import type { SimulatedWorld } from './world/simulated-world.ts';

/** The result of a change: a task that has ended, or a refusal before any task was created. */
export type Outcome = { task: TaskInfo } | { refused: string };

/** Sends changes like a careful client, and records which were accepted. */
export interface SimulatedClient {
  /**
   * Throws if there is neither an answer nor an end within minutes. `cancelAfterMs`: the task is cancelled this long after
   * it was accepted.
   */
  change(request: SimulatedRequest, cancelAfterMs?: number): Promise<Outcome>;
  /** The answer of a replica; null if there is none. */
  ask(server: SimulatedServer, request: SimulatedRequest): Promise<SimulatedAnswer | null>;
  /** Ids of all accepted tasks, with the request. */
  accepted: ReadonlyMap<string, string>;
}

/** Callbacks for what a client observes. */
export interface ClientListeners {
  /** Called with answers that no client should get. */
  onDefect: (text: string) => void;
  /** Called with each task that an answer reports as cancelled. */
  onCancelled: (task: string) => void;
}

const ANSWER_MS = 20_000;
const PATIENCE_MS = 240_000;
const PAUSE_MS = 250;

/**
 * After a broken connection, silence or a 503 it repeats the request with the same key at another replica, and it follows an
 * accepted task to its end.
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

  /** Repeats the cancellation until its result is known; the answer has to hold. */
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
