import type { Logger } from 'pino';
import type { HttpServer } from '../api/routes/http-server.ts';
import type { Cluster } from './adapters/cluster.ts';
import type { Releases } from './releases/releases.ts';
import type { Watching } from './watching.ts';
import { problem } from '../domain/errors/problem-error.ts';
import type { Closer } from '../process/closer.ts';

/** A loop that runs until `signal` is aborted. */
interface Loop {
  run(signal: AbortSignal): Promise<void>;
}

export interface StartDeps {
  readonly closer: Closer;
  readonly cluster: Pick<Cluster, 'prepare' | 'run'>;
  readonly folders: Loop;
  readonly http: HttpServer;
  /** Resolves with the address once the server listens. */
  readonly listen: () => Promise<string>;
  readonly releases: Releases;
  readonly status: Loop;
  /** Aborted when the server stops, for callers that wait. */
  readonly stopping: AbortController;
  readonly watching: Watching;
  readonly log: Logger;
}

/** Starts the server: listens, then runs every loop; closing happens in reverse order. */
export function createStart(deps: StartDeps): () => Promise<string> {
  const { closer, cluster, folders, http, listen, releases, status, stopping, watching, log } = deps;
  const { events, liveView, mirror } = watching;

  /** Runs a loop until the server stops, and then waits for its end. */
  function startLoop(name: string, run: Loop['run']): void {
    const abort = new AbortController();
    const ended = run(abort.signal);
    ended.catch((error: unknown) => log.fatal({ part: name, err: error }, 'part of the server ended with an error'));
    closer.push(name, async () => {
      abort.abort();
      await ended;
    });
  }

  return async function start() {
    const address = await listen();
    let closing: Promise<unknown> = Promise.resolve();
    closer.push('requests', async () => void (await closing));
    closer.push('waiting callers', () =>
      stopping.abort(problem('SHUTTING_DOWN', 'the server is shutting down; accepted tasks continue')),
    );
    startLoop('cluster view', async (signal) => {
      await cluster.prepare(signal);
      await Promise.all([cluster.run(signal), liveView.run(signal)]);
    });
    startLoop('folders', (signal) => folders.run(signal));
    startLoop('status', (signal) => status.run(signal));
    startLoop('shared cache', (signal) => mirror.run(liveView, signal));
    startLoop('events', (signal) => events.run(signal));
    startLoop('tasks', (signal) => releases.run(signal));
    // From then on new connections are refused; requests in flight continue.
    closer.push('listener', () => {
      closing = http.close();
    });
    return address;
  };
}
