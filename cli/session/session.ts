import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ParsedLine } from '../arguments/parsed-line.ts';
import { createCredential, type Credential } from '../context/authorization.ts';
import { chooseTarget, type Target } from '../context/choose-target.ts';
import { readKubeCredential } from '../context/kubeconfig.ts';
import { cacheFolder, readSettings, settingsPath, type Settings } from '../context/settings-file.ts';
import { UsageError } from '../errors/failures.ts';
import { createTransport, type Exchange, type Transport } from '../http/transport.ts';
import { createWalm, type Walm } from '../http/walm.ts';
import type { Io } from './io.ts';
import { createOutput, type Output } from './output.ts';

/** How a run speaks to its server. */
export interface Connection {
  readonly target: Target;
  readonly walm: Walm;
  readonly transport: Transport;
  readonly credential: Credential;
}

/** What a command works with: its line, its output and its server, each made when it is needed. */
export interface Session {
  readonly io: Io;
  readonly line: ParsedLine;
  readonly output: Output;
  settings(): Promise<Settings>;
  target(): Promise<Target>;
  connect(): Promise<Connection>;
  walm(): Promise<Walm>;
  /** The namespace that the line means. */
  namespace(): Promise<string>;
  /** Reads a file that the line names, or standard input for `-`. @throws UsageError */
  readInput(path: string): Promise<string>;
  /** What was used of the server so far; undefined if it was not needed. */
  connected(): Connection | undefined;
  close(): void;
}

/** `maySpawn` is false where no credential plugin may be started. */
export function createSession(line: ParsedLine, io: Io, maySpawn = true): Session {
  const output = createOutput(line, io);
  let settings: Promise<Settings> | undefined;
  let target: Promise<Target> | undefined;
  let connection: Promise<Connection> | undefined;
  let made: Connection | undefined;

  const readAllSettings = () => (settings ??= readSettings(settingsPath(io.env)));

  async function choose(): Promise<Target> {
    const flags = {
      server: line.text('server'),
      context: line.text('context'),
      namespace: line.text('namespace'),
      caFile: line.text('ca-file'),
      tokenFile: line.text('token-file'),
      insecure: line.on('insecure-skip-tls-verify'),
    };
    return chooseTarget(flags, io.env, await readAllSettings());
  }

  const findTarget = () => (target ??= choose());

  async function makeConnection(): Promise<Connection> {
    const found = await findTarget();
    const credential = createCredential(
      found,
      { env: io.env, folder: join(cacheFolder(io.env), 'exec'), isInteractive: io.input.isTerminal, now: io.now },
      maySpawn,
    );
    const ca = found.caFile === undefined ? undefined : readCertificates(found.caFile);
    const transport = createTransport({
      server: found.server,
      ...(ca !== undefined && { ca }),
      insecure: found.insecure,
      env: io.env,
      userAgent: `walmctl/${io.version}`,
      timeoutMs: (line.seconds('request-timeout') ?? 30) * 1000,
      clock: io.clock,
      onExchange: (exchange) => showExchange(exchange, line.count('verbose'), io),
    });
    made = {
      target: found,
      credential,
      transport,
      walm: createWalm({ transport, authorization: credential, pause: io.pause, random: io.random }),
    };
    return made;
  }

  const connect = () => (connection ??= makeConnection());

  return {
    io,
    line,
    output,
    settings: readAllSettings,
    target: findTarget,
    connect,
    walm: async () => (await connect()).walm,
    async namespace() {
      const found = await findTarget();
      if (found.namespace !== undefined) return found.namespace;
      const kubeconfig = found.auth?.source.kubeconfig;
      const borrowed = kubeconfig && (await readKubeCredential(kubeconfig, io.env)).namespace;
      return borrowed ?? 'default';
    },
    async readInput(path) {
      if (path === '-') return io.input.readAll();
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
        throw new UsageError(`${path} cannot be read (${reason === 'ENOENT' ? 'there is no such file' : reason})`);
      }
    },
    connected: () => made,
    close: () => made?.transport.close(),
  };
}

function readCertificates(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`the certificates ${path} cannot be read`);
  }
}

/** -v: a line a request; -vv: headers, too, never those with credentials. */
function showExchange(exchange: Exchange, level: number, io: Io): void {
  if (level === 0) return;
  const { method, path, status, milliseconds, requestId } = exchange;
  const id = requestId === '' ? '' : ` ${requestId}`;
  io.err.write(`${method} ${path} ${status ?? 'no answer'} ${Math.round(milliseconds)} ms${id}\n`);
  if (level < 2) return;
  for (const [mark, headers] of [
    ['>', exchange.sent],
    ['<', exchange.received],
  ] as const) {
    for (const [name, value] of Object.entries(headers)) {
      if (SECRET_HEADERS.has(name.toLowerCase()) || value === undefined) continue;
      io.err.write(`${mark} ${name}: ${Array.isArray(value) ? value.join(', ') : value}\n`);
    }
  }
}

const SECRET_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);
