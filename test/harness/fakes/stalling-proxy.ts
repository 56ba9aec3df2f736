import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';

/**
 * A TCP proxy on a port of 127.0.0.1 that can fall silent, as a network does: nothing arrives and nothing is closed.
 */
export interface StallingProxy {
  port: number;
  /** Stops forwarding on all present connections; new ones are served. */
  stall(): void;
  /** Breaks all present connections. */
  cut(): void;
  close(): Promise<void>;
}

/** Starts a proxy in front of `127.0.0.1:port`. */
export async function startStallingProxy(port: number): Promise<StallingProxy> {
  const pairs = new Set<[Socket, Socket]>();
  /** One connection of a silent pair may be closed without the other. */
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.pipe(far).pipe(near);
    for (const socket of pair) {
      socket.on('error', () => pair.forEach((other) => other.destroy()));
      sockets.add(socket);
      socket.on('close', () => {
        pairs.delete(pair);
        sockets.delete(socket);
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');

  function cut(): void {
    sockets.forEach((socket) => socket.destroy());
  }

  return {
    port: address.port,
    stall() {
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    cut,
    async close() {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}

/** Writes a copy of a kubeconfig that uses another port of 127.0.0.1. */
export function redirectKubeconfig(from: string, to: string, port: number): void {
  const text = readFileSync(from, 'utf8');
  writeFileSync(to, text.replace(/(server: https:\/\/127\.0\.0\.1:)\d+/, `$1${port}`), { mode: 0o600 });
}

/** The port of 127.0.0.1 that a kubeconfig uses. */
export function kubeconfigPort(path: string): number {
  const match = /server: https:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(path, 'utf8'));
  if (match === null) throw new Error(`${path} does not lead to a port of 127.0.0.1`);
  return Number(match[1]);
}
