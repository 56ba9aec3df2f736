import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import type { TaskInfo } from '../../contract/schemas/task.ts';
import type { ChaosWorld } from './chaos-world.ts';
import type { SeededRandom } from '../harness/seeded-random.ts';

/** A change as it goes over the wire. */
export interface Order {
  method: string;
  path: string;
  body?: string | FormData;
}

/** Result of an order: a task that has ended, or a refusal before the task was accepted. */
export type Outcome = { task: TaskInfo } | { refused: string };

/** Sends changes as a careful client does, and remembers which were accepted. */
export interface CarefulClient {
  /** Throws if neither an answer nor an end is seen within minutes. */
  change(order: Order): Promise<Outcome>;
  /** Ids of all accepted tasks, with what was requested. */
  accepted: ReadonlyMap<string, string>;
  /** How many answers of which kind there were. */
  answers: ReadonlyMap<string, number>;
}

const ANSWER_MS = 20_000;
const PATIENCE_MS = 240_000;

/**
 * Repeats the same request with the same key, at another replica, after a broken connection, silence or a 503; follows
 * an accepted task to its end.
 */
export function createCarefulClient(world: ChaosWorld, random: SeededRandom): CarefulClient {
  const accepted = new Map<string, string>();
  const answers = new Map<string, number>();

  async function ask(method: string, path: string, init: RequestInit = {}): Promise<Response | null> {
    const { api } = random.pick(world.replicas);
    const answer = await fetch(new URL(path, api.url), {
      ...init,
      method,
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch(() => null);
    const kind = answer === null ? 'no answer' : `${answer.status}`;
    if (method !== 'GET') answers.set(kind, (answers.get(kind) ?? 0) + 1);
    return answer;
  }

  async function untilFinished(id: string, about: string, deadline: number): Promise<TaskInfo> {
    let last = 'no answer';
    while (performance.now() < deadline) {
      const answer = await ask('GET', `/api/v1/task/${id}`);
      const text = (await answer?.text().catch(() => undefined)) ?? '';
      if (answer?.status === 200 && text !== '') {
        const task = JSON.parse(text) as TaskInfo;
        if (task.finishedAt !== undefined) return task;
      }
      last = text;
      await pause(250);
    }
    throw new Error(`task ${id} (${about}) does not come to an end: ${last}`);
  }

  return {
    accepted,
    answers,
    async change({ method, path, body }) {
      const about = `${method} ${path}`;
      const deadline = performance.now() + PATIENCE_MS;
      const headers = {
        'idempotency-key': randomUUID(),
        ...(typeof body === 'string' && { 'content-type': 'application/json' }),
      };
      let last = 'no answer';
      while (performance.now() < deadline) {
        const answer = await ask(method, path, { headers, ...(body !== undefined && { body }) });
        const text = (await answer?.text().catch(() => undefined)) ?? '';
        const id = answer?.headers.get('walm-task-id') ?? taskOf(text);
        if (id !== undefined) {
          accepted.set(id, about);
          return { task: await untilFinished(id, about, deadline) };
        }
        if (answer !== null && answer.status !== 503) {
          return { refused: `${answer.status} ${text}` };
        }
        last = text;
        await pause(250);
      }
      throw new Error(`${about} is not answered: ${last}`);
    },
  };
}

/** The task that a problem refers to, if the request was accepted before it failed. */
function taskOf(text: string): string | undefined {
  try {
    const { details } = JSON.parse(text) as { details?: { task?: unknown } };
    return typeof details?.task === 'string' ? details.task : undefined;
  } catch {
    return undefined;
  }
}
