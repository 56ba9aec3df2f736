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

/** A running engine that has completed the handshake. */
export type EngineProcess = {
  info: EngineInfo;
  pid: number;
  spill: SpillFolder;
  /** Rejects with a ProblemError; with ENGINE_STOPPED if the process ends first. */
  request(method: string, params: object, signal?: AbortSignal): Promise<unknown>;
  /** Sends a notification to the engine; does nothing if the engine is gone. */
  notify(method: string, params: object): void;
  onNotification(method: string, listener: (params: unknown) => void): void;
  /** Answers requests of the engine; a rejection is sent back as a problem. */
  onRequest(method: string, answer: (params: unknown) => Promise<unknown>): void;
  /** True once the process is known to be gone or terminating: no further request is sent to it. */
  over(): boolean;
  /** Resolves when the process is gone and its folder removed. */
  ended: Promise<void>;
  /** Closes the engine's input, so that it cancels running operations and exits; kills it after `graceMs`. */
  stop(graceMs: number): Promise<void>;
};

/** Starts the program and performs the handshake. Rejects with ENGINE_STOPPED if the engine does not start. */
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

/** The state of the process, as requests need it. */
type Life = { over: boolean; ended: Promise<void>; lost: () => void };

/**
 * Watches the process until it has ended, for whatever reason; pending requests are then rejected. A pipe breaks before
 * the exit of the process is known: from that moment no further request is sent.
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
