import { createRequire } from 'node:module';
import type * as ChildProcess from 'node:child_process';
import type * as Crypto from 'node:crypto';
import type * as Http from 'node:http';
import type * as Https from 'node:https';
import type * as Readline from 'node:readline';
import type * as Tls from 'node:tls';
import type * as Zlib from 'node:zlib';

/**
 * Modules of Node that not every run needs, loaded when they are. They are required under a name that a bundler does not
 * see through: in one bundled file every import stands at its top, and importing the namespace of node:http touches lazy
 * getters that load all of undici, which costs more than the whole rest of a run.
 */
const load = createRequire(import.meta.url);

export function nodeChildProcess(): typeof ChildProcess {
  return load('node:child_process') as typeof ChildProcess;
}

export function nodeCrypto(): typeof Crypto {
  return load('node:crypto') as typeof Crypto;
}

export function nodeHttp(): typeof Http {
  return load('node:http') as typeof Http;
}

export function nodeHttps(): typeof Https {
  return load('node:https') as typeof Https;
}

export function nodeReadline(): typeof Readline {
  return load('node:readline') as typeof Readline;
}

export function nodeTls(): typeof Tls {
  return load('node:tls') as typeof Tls;
}

export function nodeZlib(): typeof Zlib {
  return load('node:zlib') as typeof Zlib;
}
