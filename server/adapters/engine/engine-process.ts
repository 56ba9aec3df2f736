import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CancellationTokenSource,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { EngineInfo } from '../../ports/helm/helm-control.ts';
import { forwardEngineLog } from './engine-log.ts';
import { cancelledEarly, engineStopped, errorForEngine, isConnectionLost, problemOfEngine } from './engine-problem.ts';
import type { EngineSettings } from './engine-settings.ts';
import { parseEngineInfo, protocolVersion } from './engine-info.ts';
import { createSpillFolder, type SpillFolder } from './spilled-text.ts';

/** One running engine that has introduced itself. */
export type EngineProcess = {
  info: EngineInfo;
  pid: number;
  spill: SpillFolder;
  /** Rejects with a ProblemError; with ENGINE_STOPPED when the process ends first. */
  request(method: string, params: object, signal?: AbortSignal): Promise<unknown>;
  /** Tells the engine something; where it is gone, nobody is left to be told. */
  notify(method: string, params: object): void;
  onNotification(method: string, listener: (params: unknown) => void): void;
  /** Answers requests of the engine; what the answer rejects with goes back as a problem. */
  onRequest(method: string, answer: (params: unknown) => Promise<unknown>): void;
  /** True from the moment when the process is known to be gone or going: nothing more is asked of it. */
  over(): boolean;
  /** Resolves when the process is gone and its folder removed. */
  ended: Promise<void>;
  /** Closes the engine's input: it cancels what runs and exits; killed after `graceMs`. */
  stop(graceMs: number): Promise<void>;
};

/** Starts the program and introduces the server to it. Rejects with ENGINE_STOPPED when it does not come up. */
export async function startEngineProcess(settings: EngineSettings): Promise<EngineProcess> {
  const spillFolder = await mkdtemp(join(settings.spillParent, 'walm-engine-'));
  const child = spawn(settings.program, [], { stdio: 'pipe' });
  forwardEngineLog(child.stderr, settings.log);
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const life = watchLife(child, connection, spillFolder);
  const request = requester(connection, life);
  connection.listen();
  const stop = async (graceMs: number): Promise<void> => {
    life.over = true;
    child.stdin.end();
    const called = settings.clock.after(graceMs, () => child.kill('SIGKILL'));
    await life.ended;
    called();
  };
  try {
    const info = parseEngineInfo(await request('initialize', introduction(settings, spillFolder)));
    const notify = (method: string, params: object): void => {
      if (!life.over) void connection.sendNotification(method, params).catch(life.lost);
    };
    const onNotification = (method: string, listener: (params: unknown) => void): void => {
      connection.onNotification(method, (params: unknown) => listener(params));
    };
    const onRequest = (method: string, answer: (params: unknown) => Promise<unknown>): void => {
      connection.onRequest(method, (params: unknown) => answer(params).catch(errorForEngine));
    };
    return {
      info,
      pid: child.pid ?? 0,
      over: () => life.over,
      spill: createSpillFolder(spillFolder),
      request,
      notify,
      onNotification,
      onRequest,
      ended: life.ended,
      stop,
    };
  } catch (error) {
    child.kill('SIGKILL');
    await life.ended;
    throw error;
  }
}

function introduction(settings: EngineSettings, spillFolder: string): object {
  const {
    chartFolder,
    recordFolder,
    jsonnetLibrary,
    kubeconfig,
    context,
    inCluster,
    systemNamespace,
    limits,
    addresses,
  } = settings;
  const folders = { chartFolder, spillFolder, recordFolder, jsonnetLibrary };
  return { protocolVersion, ...folders, kubeconfig, context, inCluster, systemNamespace, limits, addresses };
}

/** The process's life, as requests need to know it. */
type Life = { over: boolean; ended: Promise<void>; lost: () => void };

/**
 * Follows the process until it has ended, for whatever reason. What still waits for an answer then learns it. A pipe
 * breaks before the end of the process is known: from that moment nothing more is asked of it.
 */
function watchLife(child: ChildProcessWithoutNullStreams, connection: MessageConnection, spillFolder: string): Life {
  const lost = () => {
    life.over = true;
    child.kill('SIGKILL');
  };
  const life: Life = { over: false, ended: Promise.resolve(), lost };
  child.stdin.on('error', lost);
  connection.onError(lost);
  child.once('exit', () => (life.over = true));
  const closed = new Promise<void>((resolve) => {
    child.once('close', resolve);
    child.once('error', () => resolve());
  });
  life.ended = closed.then(async () => {
    life.over = true;
    connection.dispose();
    await rm(spillFolder, { recursive: true, force: true });
  });
  return life;
}

function requester(connection: MessageConnection, life: Life): EngineProcess['request'] {
  return async (method, params, signal) => {
    if (life.over) throw engineStopped();
    if (signal?.aborted === true) throw cancelledEarly();
    const cancellation = new CancellationTokenSource();
    const cancel = () => cancellation.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await connection.sendRequest<unknown>(method, params, cancellation.token);
    } catch (error) {
      if (!isConnectionLost(error)) throw problemOfEngine(error, method);
      life.lost();
      throw engineStopped();
    } finally {
      signal?.removeEventListener('abort', cancel);
      cancellation.dispose();
    }
  };
}
